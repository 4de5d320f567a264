package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Some of a table's partitions: those with certain values of one field, and those without a value.
 *
 * @param field one of the table's partition fields
 * @param values as {@link DataFile#partition()} has them
 */
public record PartitionSlice(PartitionField field, SortedSet<String> values)
    implements PartitionSet {
  public PartitionSlice {
    requireNonNull(field, "field is null");
    values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  /**
   * What is inside of all of some slices, in words: {@code partition 2001-05}, {@code 3
   * partitions}.
   */
  public static String describe(List<PartitionSlice> slices) {
    long count =
        slices.stream().mapToLong(slice -> slice.values().size()).reduce(1, (a, b) -> a * b);
    return count == 1
        ? slices.stream()
            .map(slice -> slice.field().readable(slice.values().first()))
            .collect(Collectors.joining(", ", "partition ", ""))
        : count + " partitions";
  }
}
