package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Locale;

/**
 * One part of a table's partitioning: a column as it is, cut to a calendar unit, or put in one of
 * some buckets by its hash.
 *
 * @param transform how the column becomes the partition's value
 * @param column the source column, by name
 * @param buckets how many buckets there are; 0 for the other transforms
 */
public record PartitionField(Transform transform, String column, int buckets) {

  /** How a value becomes a partition; the transforms of Iceberg. */
  public enum Transform {
    IDENTITY,
    YEAR,
    MONTH,
    DAY,
    HOUR,
    BUCKET;

    /** Whether values are numbers of a unit of time since 1970. */
    public boolean isCalendar() {
      return this != IDENTITY && this != BUCKET;
    }
  }

  public PartitionField {
    requireNonNull(transform, "transform is null");
    requireNonNull(column, "column is null");
    if ((transform == Transform.BUCKET) != (buckets > 0)) {
      throw new IllegalArgumentException(
          "Invalid number of buckets %d for %s".formatted(buckets, transform));
    }
  }

  /** A field of any transform but {@link Transform#BUCKET}. */
  public PartitionField(Transform transform, String column) {
    this(transform, column, 0);
  }

  /** Whether a value becomes the same partition here as there, if the columns have one type. */
  public boolean isCutAs(PartitionField other) {
    return transform == other.transform && buckets == other.buckets;
  }

  /**
   * A partition's value as people write it: {@code 2001} for a year, {@code 2001-05} for a month,
   * {@code 2001-05-31} for a day, {@code 2001-05-31T13:00} for an hour.
   *
   * @param value as in {@link DataFile#partition()}
   */
  public String readable(String value) {
    return switch (transform) {
      case IDENTITY, BUCKET -> value;
      case YEAR -> String.valueOf(LocalDate.EPOCH.plusYears(Long.parseLong(value)).getYear());
      case MONTH -> YearMonth.of(1970, 1).plusMonths(Long.parseLong(value)).toString();
      case DAY -> LocalDate.EPOCH.plusDays(Long.parseLong(value)).toString();
      case HOUR -> LocalDate.EPOCH.atStartOfDay().plusHours(Long.parseLong(value)).toString();
    };
  }

  @Override
  public String toString() {
    return switch (transform) {
      case IDENTITY -> column;
      case BUCKET -> "bucket(%d, %s)".formatted(buckets, column);
      default -> transform.name().toLowerCase(Locale.ROOT) + "(" + column + ")";
    };
  }
}
