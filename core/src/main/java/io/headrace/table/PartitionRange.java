package io.headrace.table;

import static java.util.Objects.requireNonNull;

/**
 * The partitions between two, in the order of the field's values; not those without a value.
 *
 * @param field one of the table's partition fields
 * @param from the first, as {@link DataFile#partition()} has it
 * @param to the last, or the first behind
 * @param isClosed whether {@code to} is the last
 */
public record PartitionRange(PartitionField field, String from, String to, boolean isClosed)
    implements PartitionSet {
  public PartitionRange {
    requireNonNull(field, "field is null");
    requireNonNull(from, "from is null");
    requireNonNull(to, "to is null");
  }

  /** What it is, in words: {@code 2001-01 to 2001-05}. */
  @Override
  public String toString() {
    String start = field.readable(from);
    return isClosed && from.equals(to)
        ? start
        : "%s to %s%s".formatted(start, isClosed ? "" : "before ", field.readable(to));
  }
}
