package io.headrace.incremental;

import io.headrace.table.DataFile;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A build that computes a part of a table and keeps the rest of the version before. */
public sealed interface PartialBuild {

  /** The files of the version before that stay. */
  List<DataFile> kept();

  /** The files of the version before whose rows are computed again. */
  List<DataFile> replaced();

  /** Computes some partitions. */
  record Partitions(List<DataFile> kept, List<DataFile> replaced, PartitionSlice slice)
      implements PartialBuild {
    public Partitions {
      kept = List.copyOf(kept);
      replaced = List.copyOf(replaced);
    }

    @Override
    public String toString() {
      return slice.toString();
    }
  }

  /**
   * Adds what new rows of one input give.
   *
   * @param inputs what the query reads: of the input that grew, the new rows only; empty for a
   *     source
   * @param files the files that are new, of a source; empty for a query
   */
  record Append(List<DataFile> kept, Map<TableName, TableData> inputs, List<Path> files)
      implements PartialBuild {
    public Append {
      kept = List.copyOf(kept);
      inputs = Map.copyOf(inputs);
      files = List.copyOf(files);
    }

    @Override
    public List<DataFile> replaced() {
      return List.of();
    }

    @Override
    public String toString() {
      return "new rows";
    }
  }
}
