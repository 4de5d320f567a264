package io.headrace.run;

import io.headrace.error.UsageException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableData;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A partition field whose values have an order: reads values as people write them, and compares
 * them as the engine does.
 *
 * @param index of the field in the table's partitioning
 */
record PartitionOrder(PartitionField field, int index, ColumnType type)
    implements Comparator<String> {
  private static final Set<ColumnType> TYPES =
      Set.of(Primitive.INT, Primitive.LONG, Primitive.DATE, Primitive.STRING);

  private static final DateTimeFormatter HOUR =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH[:'00']")
          .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
          .toFormatter(java.util.Locale.ROOT);

  /**
   * The field of a table that a range can be given of: one by time, otherwise one by a column of a
   * suitable type.
   *
   * @throws UsageException if there is none
   */
  static PartitionOrder of(Backfill backfill, TableData data) {
    return IntStream.range(0, data.partitioning().size())
        .mapToObj(i -> of(data, i))
        .filter(PartitionOrder::isOrdered)
        .min(Comparator.comparing(o -> !o.field.transform().isCalendar()))
        .orElseThrow(
            () ->
                new UsageException(
                    data.partitioning().isEmpty()
                        ? "Cannot backfill '%s': it is not partitioned".formatted(backfill.table())
                        : "Cannot backfill '%s': it is partitioned by %s, which have no order"
                            .formatted(backfill.table(), data.partitioning()),
                    "Compute all of it with `headrace run --refresh=%s`"
                        .formatted(backfill.table())));
  }

  private boolean isOrdered() {
    Transform transform = field.transform();
    return transform.isCalendar() || (transform == Transform.IDENTITY && TYPES.contains(type));
  }

  private static PartitionOrder of(TableData data, int index) {
    PartitionField field = data.partitioning().get(index);
    Column column = data.schema().find(field.column()).orElseThrow();
    return new PartitionOrder(field, index, column.type());
  }

  private boolean isNumber() {
    return field.transform().isCalendar() || type == Primitive.INT || type == Primitive.LONG;
  }

  @Override
  public int compare(String a, String b) {
    if (isNumber()) {
      return new BigDecimal(a).compareTo(new BigDecimal(b));
    }
    // By code points, as the engine does; UTF-16 orders some of them otherwise.
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }

  /**
   * A value as {@link io.headrace.table.DataFile#partition()} has it.
   *
   * @throws UsageException if it is none of the field's
   */
  String parse(String text) {
    try {
      return switch (field.transform()) {
        case YEAR -> String.valueOf(Year.parse(text).getValue() - 1970);
        case MONTH -> count(ChronoUnit.MONTHS, YearMonth.parse(text).atDay(1));
        case DAY -> count(ChronoUnit.DAYS, LocalDate.parse(text));
        case HOUR ->
            String.valueOf(
                ChronoUnit.HOURS.between(
                    LocalDate.EPOCH.atStartOfDay(), LocalDateTime.parse(text, HOUR)));
        case IDENTITY -> parseValue(text);
        case BUCKET -> throw new IllegalStateException("Buckets have no order");
      };
    } catch (DateTimeException | NumberFormatException e) {
      throw new UsageException(
          "Invalid partition '%s': the table is partitioned by %s".formatted(text, field),
          "Write it like " + example());
    }
  }

  private static String count(ChronoUnit unit, LocalDate date) {
    return String.valueOf(unit.between(LocalDate.EPOCH, date));
  }

  private String parseValue(String text) {
    if (isNumber()) {
      return new BigInteger(text).toString();
    }
    return type == Primitive.DATE ? LocalDate.parse(text).toString() : text;
  }

  private String example() {
    return switch (field.transform()) {
      case YEAR -> "2026";
      case MONTH -> "2026-03";
      case DAY -> "2026-03-01";
      case HOUR -> "2026-03-01T13:00";
      default -> type == Primitive.DATE ? "2026-03-01" : "42";
    };
  }
}
