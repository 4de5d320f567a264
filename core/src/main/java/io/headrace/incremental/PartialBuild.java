package io.headrace.incremental;

import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A build that computes a part of a table and keeps the rest of the version before. */
public sealed interface PartialBuild {

  /**
   * Computes some partitions.
   *
   * @param kept the files of the version before that stay
   * @param replaced those whose rows are computed again
   * @param slices one or more; what is inside of all of them is computed
   */
  record Partitions(List<DataFile> kept, List<DataFile> replaced, List<PartitionSlice> slices)
      implements PartialBuild {
    public Partitions {
      kept = List.copyOf(kept);
      replaced = List.copyOf(replaced);
      slices = List.copyOf(slices);
    }

    @Override
    public String toString() {
      return PartitionSlice.describe(slices);
    }
  }

  /**
   * Adds what new rows of one input give.
   *
   * @param kept the files of the version before: all of them stay
   */
  record Append(List<DataFile> kept, Growth growth) implements PartialBuild {
    public Append {
      kept = List.copyOf(kept);
    }

    @Override
    public String toString() {
      return "new rows";
    }
  }

  /**
   * Compares how things are with how they were last.
   *
   * @param inputs what the query reads
   * @param moment at which things are so
   * @param missingIsGone as of {@link io.headrace.project.Task.Snapshots}
   */
  record State(
      TableData before,
      Map<TableName, TableData> inputs,
      KeyRule rule,
      Instant moment,
      boolean missingIsGone)
      implements PartialBuild {
    public State {
      inputs = Map.copyOf(inputs);
    }

    @Override
    public String toString() {
      return "changes since";
    }
  }

  /** Replaces the rows of the keys that new rows of one input are about. */
  record Keyed(TableData before, Growth growth, KeyRule rule) implements PartialBuild {
    @Override
    public String toString() {
      return "new rows by key";
    }
  }
}
