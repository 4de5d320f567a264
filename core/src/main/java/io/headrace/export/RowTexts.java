package io.headrace.export;

import io.headrace.connector.Delivery;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import java.util.List;
import java.util.stream.Collectors;

/** Queries for rows as the text that a {@link Delivery} has them in. */
public final class RowTexts {
  private RowTexts() {}

  /**
   * A query for all rows of a table.
   *
   * @param from the table, or a query in parentheses
   */
  public static String select(List<Column> columns, String from) {
    return "SELECT %s FROM %s"
        .formatted(
            columns.stream()
                .map(column -> text(column) + " AS " + SqlNames.quote(column.name()))
                .collect(Collectors.joining(", ")),
            from);
  }

  private static String text(Column column) {
    String name = SqlNames.quote(column.name());
    if (column.type() instanceof ColumnType.Primitive primitive) {
      return switch (primitive) {
        case STRING -> name;
        case BINARY -> "'\\x' || hex(%s)".formatted(name);
        case TIMESTAMPTZ -> "(%s AT TIME ZONE 'UTC')::VARCHAR || 'Z'".formatted(name);
        default -> name + "::VARCHAR";
      };
    }
    return column.type() instanceof ColumnType.Decimal
        ? name + "::VARCHAR"
        : "CASE WHEN %1$s IS NOT NULL THEN to_json(%1$s::%2$s)::VARCHAR END"
            .formatted(name, inJson(column.type()));
  }

  /** As what a value is written into JSON: decimals as text, since a number would lose digits. */
  private static String inJson(ColumnType type) {
    if (type instanceof ColumnType.ListOf list) {
      return inJson(list.element().type()) + "[]";
    }
    if (type instanceof ColumnType.MapOf map) {
      return "MAP(%s, %s)".formatted(inJson(map.key().type()), inJson(map.value().type()));
    }
    if (type instanceof ColumnType.StructOf struct) {
      return struct.fields().stream()
          .map(field -> SqlNames.quote(field.name()) + " " + inJson(field.type()))
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }
    if (type instanceof ColumnType.Decimal || type == ColumnType.Primitive.STRING) {
      return "VARCHAR";
    }
    return type == ColumnType.Primitive.BINARY ? "BLOB" : type.toString();
  }
}
