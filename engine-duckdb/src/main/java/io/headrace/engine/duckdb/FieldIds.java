package io.headrace.engine.duckdb;

import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.StructOf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The field ids of a schema, as DuckDB takes them and as it reports statistics. */
final class FieldIds {
  private FieldIds() {}

  /** The value of COPY's option FIELD_IDS. */
  static String toSql(List<Column> columns) {
    return columns.stream().map(FieldIds::field).collect(Collectors.joining(", ", "{", "}"));
  }

  private static String field(Column column) {
    return SqlText.identifier(column.name()) + ": " + value(column);
  }

  private static String value(Column column) {
    List<Column> children = children(column.type());
    if (children.isEmpty()) {
      return Integer.toString(column.id());
    }
    return children.stream()
        .map(FieldIds::field)
        .collect(Collectors.joining(", ", "{__duckdb_field_id: %d, ".formatted(column.id()), "}"));
  }

  private static List<Column> children(ColumnType type) {
    if (type instanceof StructOf struct) {
      return struct.fields();
    }
    if (type instanceof ListOf list) {
      return List.of(list.element());
    }
    return type instanceof MapOf map ? List.of(map.key(), map.value()) : List.of();
  }

  /** The leaf columns by the path under which COPY reports their statistics. */
  static Map<String, Column> leaves(List<Column> columns) {
    Map<String, Column> leaves = new LinkedHashMap<>();
    columns.forEach(column -> collect(column, "", leaves));
    return leaves;
  }

  private static void collect(Column column, String prefix, Map<String, Column> leaves) {
    String path = prefix + SqlText.identifier(column.name());
    List<Column> children = children(column.type());
    if (children.isEmpty()) {
      leaves.put(path, column);
    }
    children.forEach(child -> collect(child, path + ".", leaves));
  }
}
