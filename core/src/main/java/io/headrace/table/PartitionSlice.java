package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Some of a table's partitions: those with certain values of one field, and those without a value.
 *
 * @param field one of the table's partition fields
 * @param values as {@link DataFile#partition()} has them
 */
public record PartitionSlice(PartitionField field, SortedSet<String> values) {
  public PartitionSlice {
    requireNonNull(field, "field is null");
    values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  /** What it is, in words: {@code partition 2001-05}, {@code 3 partitions}. */
  @Override
  public String toString() {
    return values.size() == 1
        ? "partition " + field.readable(values.first())
        : values.size() + " partitions";
  }
}
