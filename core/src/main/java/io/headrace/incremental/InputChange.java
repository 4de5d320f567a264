package io.headrace.incremental;

import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * In which partitions two versions of a table differ. Data files never change, so that a partition
 * is the same if its files are.
 *
 * @param column the one that the table is partitioned by
 * @param values of the partitions that differ, other than the one without a value
 */
record InputChange(TableName table, String column, SortedSet<String> values) {

  /** Compares, if both versions are partitioned as {@code field} says. */
  static Optional<InputChange> of(
      TableName table, TableData before, TableData now, PartitionField field) {
    if (!before.schema().equals(now.schema())
        || !before.partitioning().equals(now.partitioning())) {
      return Optional.empty();
    }
    return find(now, field)
        .map(
            index ->
                new InputChange(
                    table,
                    now.partitioning().get(index).column(),
                    differing(files(before, index), files(now, index))));
  }

  /** The table's own field that cuts the same way, best of the same column. */
  private static Optional<Integer> find(TableData data, PartitionField field) {
    int same = data.partitioning().indexOf(field);
    return same >= 0
        ? Optional.of(same)
        : IntStream.range(0, data.partitioning().size())
            .filter(i -> data.partitioning().get(i).isCutAs(field))
            .boxed()
            .findFirst();
  }

  private static Map<String, Set<String>> files(TableData data, int field) {
    Map<String, Set<String>> files = new HashMap<>();
    for (DataFile file : data.files()) {
      file.partition()
          .get(field)
          .ifPresent(v -> files.computeIfAbsent(v, k -> new HashSet<>()).add(file.path()));
    }
    return files;
  }

  private static SortedSet<String> differing(
      Map<String, Set<String>> a, Map<String, Set<String>> b) {
    SortedSet<String> values = new TreeSet<>(a.keySet());
    values.addAll(b.keySet());
    values.removeIf(
        value -> Optional.ofNullable(a.get(value)).equals(Optional.ofNullable(b.get(value))));
    return values;
  }
}
