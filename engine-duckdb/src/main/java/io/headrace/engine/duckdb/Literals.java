package io.headrace.engine.duckdb;

import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.StructOf;
import io.headrace.table.TableSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes values as SQL. */
final class Literals {
  private Literals() {}

  /** A query for rows that are given as values by column name. */
  static String rows(TableSchema schema, List<Map<String, Object>> rows) {
    String values = rows.stream().map(row -> row(schema, row)).collect(Collectors.joining(", "));
    String names =
        schema.columns().stream()
            .map(column -> SqlText.identifier(column.name()))
            .collect(Collectors.joining(", "));
    return "SELECT * FROM (VALUES %s) AS r(%s)".formatted(values, names);
  }

  private static String row(TableSchema schema, Map<String, Object> row) {
    return schema.columns().stream()
        .map(column -> of(row.get(column.name()), column.type()))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** SQL for a plain Java value, converted to a type. */
  static String of(@Nullable Object value, ColumnType type) {
    String target = Types.toDuckDb(type);
    if (value == null) {
      return "NULL::" + target;
    }
    if (value instanceof List<?> items && type instanceof ListOf list) {
      return items.stream()
          .map(item -> of(item, list.element().type()))
          .collect(Collectors.joining(", ", "[", "]::" + target));
    }
    if (value instanceof Map<?, ?> map) {
      return ofMap(map, type, target);
    }
    String text = value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    return "CAST(%s AS %s)".formatted(SqlText.literal(text), target);
  }

  private static String ofMap(Map<?, ?> map, ColumnType type, String target) {
    if (type instanceof StructOf struct) {
      return struct.fields().stream()
          .map(
              field ->
                  SqlText.literal(field.name()) + ": " + of(map.get(field.name()), field.type()))
          .collect(Collectors.joining(", ", "{", "}::" + target));
    }
    if (type instanceof MapOf mapType) {
      return map.entrySet().stream()
          .map(
              entry ->
                  of(entry.getKey(), mapType.key().type())
                      + ": "
                      + of(entry.getValue(), mapType.value().type()))
          .collect(Collectors.joining(", ", "map {", "}::" + target));
    }
    return "CAST(%s AS %s)".formatted(SqlText.literal(map.toString()), target);
  }
}
