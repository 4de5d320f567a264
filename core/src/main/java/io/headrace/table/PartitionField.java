package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * One part of a table's partitioning: a column, as it is or cut to a calendar unit.
 *
 * @param transform how the column becomes the partition's value
 * @param column the source column, by name
 */
public record PartitionField(Transform transform, String column) {

  /** How a value becomes a partition; the transforms of Iceberg. */
  public enum Transform {
    IDENTITY,
    YEAR,
    MONTH,
    DAY
  }

  public PartitionField {
    requireNonNull(transform, "transform is null");
    requireNonNull(column, "column is null");
  }

  @Override
  public String toString() {
    return transform == Transform.IDENTITY
        ? column
        : transform.name().toLowerCase(Locale.ROOT) + "(" + column + ")";
  }
}
