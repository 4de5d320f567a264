package io.headrace.engine.duckdb;

import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionRange;
import io.headrace.table.PartitionSet;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableSchema;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Conditions on the column that a table is partitioned by. */
final class PartitionConditions {
  private PartitionConditions() {}

  /** Holds for the rows that are in all of the sets of partitions. */
  static String inside(List<? extends PartitionSet> partitions, TableSchema schema) {
    return partitions.stream()
        .map(set -> inside(set, schema))
        .collect(Collectors.joining(") AND (", "(", ")"));
  }

  private static String inside(PartitionSet partitions, TableSchema schema) {
    Column column =
        schema
            .find(partitions.field().column())
            .orElseThrow(() -> new IllegalArgumentException("No column for " + partitions.field()));
    return partitions instanceof PartitionSlice slice
        ? inside(slice, column)
        : inside((PartitionRange) partitions, column);
  }

  private static String inside(PartitionRange range, Column column) {
    String name = SqlText.identifier(column.name());
    if (range.field().transform() == PartitionField.Transform.IDENTITY) {
      return "(%s >= %s AND %s %s %s)"
          .formatted(
              name,
              literal(range.from(), column.type()),
              name,
              range.isClosed() ? "<=" : "<",
              literal(range.to(), column.type()));
    }
    PartitionField.Transform unit = range.field().transform();
    long end = Long.parseLong(range.to()) + (range.isClosed() ? 1 : 0);
    return "(%s >= %s AND %s < %s)"
        .formatted(
            name,
            literal(start(unit, Long.parseLong(range.from())), column.type()),
            name,
            literal(start(unit, end), column.type()));
  }

  private static String inside(PartitionSlice slice, Column column) {
    String name = SqlText.identifier(column.name());
    if (slice.field().transform() == PartitionField.Transform.BUCKET) {
      return bucket(slice, column, name) + " OR " + name + " IS NULL";
    }
    return each(slice, " OR ", value -> range(slice.field(), value, column, "=", ">=", "AND", "<"))
        + (slice.values().isEmpty() ? "" : " OR ")
        + name
        + " IS NULL";
  }

  private static String bucket(PartitionSlice slice, Column column, String name) {
    String bucket = Buckets.expression(name, column.type(), slice.field().buckets()).orElseThrow();
    return slice.values().isEmpty()
        ? "false"
        : "%s IN (%s)".formatted(bucket, String.join(", ", slice.values()));
  }

  /**
   * Holds for the rows outside of a slice, other than of buckets, by a column that need not be the
   * one of its field. In a form that DuckDB pushes down to where tables are read: one comparison
   * for each value.
   */
  static String outside(PartitionSlice slice, Column column) {
    return each(
        slice, " AND ", value -> range(slice.field(), value, column, "<>", "<", "OR", ">="));
  }

  private static String each(
      PartitionSlice slice, String separator, Function<String, String> condition) {
    return slice.values().stream().map(condition).collect(Collectors.joining(separator));
  }

  private static String range(
      PartitionField field,
      String value,
      Column column,
      String same,
      String fromStart,
      String both,
      String toEnd) {
    String name = SqlText.identifier(column.name());
    if (field.transform() == PartitionField.Transform.IDENTITY) {
      return "%s %s %s".formatted(name, same, literal(value, column.type()));
    }
    long number = Long.parseLong(value);
    String start = literal(start(field.transform(), number), column.type());
    String end = literal(start(field.transform(), number + 1), column.type());
    return "(%s %s %s %s %s %s %s)".formatted(name, fromStart, start, both, name, toEnd, end);
  }

  /** Where a unit of time starts, as text that is a date, and a time if need be. */
  private static String start(PartitionField.Transform unit, long number) {
    LocalDate epoch = LocalDate.EPOCH;
    return switch (unit) {
      case YEAR -> epoch.plusYears(number).toString();
      case MONTH -> epoch.plusMonths(number).toString();
      case DAY -> epoch.plusDays(number).toString();
      default -> epoch.atStartOfDay().plusHours(number).toString().replace('T', ' ') + ":00";
    };
  }

  static String literal(String text, ColumnType type) {
    return type == Primitive.BINARY
        ? "unhex(%s)".formatted(SqlText.literal(text))
        : "CAST(%s AS %s)".formatted(SqlText.literal(text), Types.toDuckDb(type));
  }
}
