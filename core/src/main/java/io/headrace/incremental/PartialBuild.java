package io.headrace.incremental;

import io.headrace.table.DataFile;
import io.headrace.table.PartitionSlice;
import java.util.List;

/**
 * A build that computes some partitions and keeps the rest of the version before.
 *
 * @param kept files of the version before that stay
 * @param replaced files of the version before whose partitions are computed
 * @param slice what to compute
 */
public record PartialBuild(List<DataFile> kept, List<DataFile> replaced, PartitionSlice slice) {
  public PartialBuild {
    kept = List.copyOf(kept);
    replaced = List.copyOf(replaced);
  }
}
