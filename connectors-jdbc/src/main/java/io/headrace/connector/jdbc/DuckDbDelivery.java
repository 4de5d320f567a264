package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CsvReader;
import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** DuckDB, which reads CSV itself, and finds rows by their keys without an index. */
final class DuckDbDelivery implements DeliveryDialect {
  @Override
  public Map<String, String> properties() {
    return Map.of("duckdb.read_only", "false", "enable_external_access", "true");
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
  }

  @Override
  public String begin() {
    return "BEGIN";
  }

  @Override
  public String lock() {
    // Of two that write the same row, the later one is told so.
    return "";
  }

  @Override
  public String wordType() {
    return "VARCHAR";
  }

  @Override
  public String temporary(String name) {
    return "temp." + name;
  }

  @Override
  public String create(Dialect dialect, String table, List<Column> columns, List<String> key) {
    return columns.stream()
        .map(column -> dialect.quote(column.name()) + " " + type(column.type()))
        .collect(Collectors.joining(", ", "CREATE TABLE " + table + " (", ")"));
  }

  @Override
  public String type(ColumnType type) {
    if (type instanceof Primitive primitive) {
      return switch (primitive) {
        case INT -> "INTEGER";
        case LONG -> "BIGINT";
        case STRING -> "VARCHAR";
        case BINARY -> "BLOB";
        default -> type.toString().toUpperCase(Locale.ROOT);
      };
    }
    return type instanceof ColumnType.Decimal decimal
        ? "DECIMAL(%d,%d)".formatted(decimal.precision(), decimal.scale())
        : "JSON";
  }

  @Override
  public String delete(Dialect dialect, String table, List<String> key, String keys) {
    return "DELETE FROM %s AS t USING %s AS k WHERE %s"
        .formatted(
            table,
            keys,
            key.stream()
                .map(dialect::quote)
                .map(name -> "t.%1$s = k.%1$s".formatted(name))
                .collect(Collectors.joining(" AND ")));
  }

  @Override
  public Optional<String> misfit(ColumnType type, ExistingColumn existing) {
    return fits(type, existing) ? Optional.empty() : Optional.of(existing.type());
  }

  private boolean fits(ColumnType type, ExistingColumn existing) {
    String actual = existing.type();
    if (actual.equals("varchar")) {
      return type != Primitive.BINARY;
    }
    boolean isInteger = type == Primitive.INT || type == Primitive.LONG;
    if (actual.startsWith("decimal")) {
      return (isInteger || type instanceof ColumnType.Decimal) && existing.holdsDigits(type);
    }
    String same = type == Primitive.TIMESTAMPTZ ? "timestamp with time zone" : type(type);
    return actual.equals(same.toLowerCase(Locale.ROOT))
        || (type == Primitive.INT && List.of("bigint", "double").contains(actual))
        || (type == Primitive.FLOAT && actual.equals("double"));
  }

  @Override
  public void load(
      Connection connection, String table, List<Column> columns, Path rows, Cancellation cancel)
      throws SQLException, IOException {
    String values =
        columns.stream()
            .map(column -> value(column, columns.indexOf(column)))
            .collect(Collectors.joining(", "));
    String names =
        columns.stream()
            .map(column -> "'c%d': 'VARCHAR'".formatted(columns.indexOf(column)))
            .collect(Collectors.joining(", ", "{", "}"));
    String options =
        CsvFiles.options(CsvReader.longestRow(rows)).entrySet().stream()
            .map(option -> option.getKey() + " = " + literal(option.getValue()))
            .collect(Collectors.joining(", "));
    String sql =
        "INSERT INTO %s SELECT %s FROM read_csv(%s, columns = %s, %s)"
            .formatted(table, values, literal(rows.toString()), names, options);
    try (Statement statement = connection.createStatement();
        Cancellation.Registration registration = cancel.onRequest(() -> CsvRows.stop(statement))) {
      statement.executeUpdate(sql);
    }
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String value(Column column, int index) {
    return column.type() == Primitive.BINARY
        ? "unhex(substr(c%d, 3))".formatted(index)
        : "c" + index;
  }
}
