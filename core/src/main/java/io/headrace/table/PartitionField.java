package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.YearMonth;
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
    DAY,
    HOUR;

    /** Whether values are numbers of a unit of time since 1970. */
    public boolean isCalendar() {
      return this != IDENTITY;
    }
  }

  public PartitionField {
    requireNonNull(transform, "transform is null");
    requireNonNull(column, "column is null");
  }

  /**
   * A partition's value as people write it: {@code 2001} for a year, {@code 2001-05} for a month,
   * {@code 2001-05-31} for a day, {@code 2001-05-31T13:00} for an hour.
   *
   * @param value as in {@link DataFile#partition()}
   */
  public String readable(String value) {
    return switch (transform) {
      case IDENTITY -> value;
      case YEAR -> String.valueOf(LocalDate.EPOCH.plusYears(Long.parseLong(value)).getYear());
      case MONTH -> YearMonth.of(1970, 1).plusMonths(Long.parseLong(value)).toString();
      case DAY -> LocalDate.EPOCH.plusDays(Long.parseLong(value)).toString();
      case HOUR -> LocalDate.EPOCH.atStartOfDay().plusHours(Long.parseLong(value)).toString();
    };
  }

  @Override
  public String toString() {
    return transform == Transform.IDENTITY
        ? column
        : transform.name().toLowerCase(Locale.ROOT) + "(" + column + ")";
  }
}
