package io.headrace.connector.jdbc;

import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** SQLite, where the words of a column's declaration say what becomes of its values. */
final class SqliteDelivery implements DeliveryDialect {
  /** More digits than these do not survive in a column of numbers. */
  private static final int KEPT_DIGITS = 15;

  @Override
  public Map<String, String> properties() {
    // Writes, but makes no file.
    return Map.of("open_mode", "2");
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA temp_store = FILE");
    }
  }

  @Override
  public String begin() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  public String lock() {
    return "";
  }

  @Override
  public String wordType() {
    return "TEXT";
  }

  @Override
  public String temporary(String name) {
    return "temp." + name;
  }

  @Override
  public String type(ColumnType type) {
    if (type instanceof Primitive primitive) {
      return switch (primitive) {
        case INT -> "INTEGER";
        case LONG -> "BIGINT";
        case FLOAT, DOUBLE -> "DOUBLE";
        case STRING, UUID -> "TEXT";
        case BINARY -> "BLOB";
        default -> type.toString().toUpperCase(Locale.ROOT);
      };
    }
    return type instanceof ColumnType.Decimal decimal && decimal.precision() <= KEPT_DIGITS
        ? "DECIMAL(%d,%d)".formatted(decimal.precision(), decimal.scale())
        : "TEXT";
  }

  @Override
  public String delete(Dialect dialect, String table, List<String> key, String keys) {
    String columns = key.stream().map(dialect::quote).collect(Collectors.joining(", "));
    String exact =
        key.stream()
            .map(name -> dialect.quote(name) + " COLLATE BINARY")
            .collect(Collectors.joining(", "));
    return "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s)"
        .formatted(table, exact, columns, keys);
  }

  @Override
  public Optional<String> misfit(ColumnType type, ExistingColumn existing) {
    String words = existing.type().toUpperCase(Locale.ROOT);
    boolean isInteger = words.contains("INT");
    boolean isText =
        !isInteger && (words.contains("CHAR") || words.contains("CLOB") || words.contains("TEXT"));
    boolean keepsAll = !isInteger && !isText && (words.isEmpty() || words.contains("BLOB"));
    boolean isReal = !isInteger && !isText && !keepsAll && words.matches(".*(REAL|FLOA|DOUB).*");
    boolean fits =
        keepsAll
            || (isText
                ? !BatchLoad.isFloat(type) && type != Primitive.BINARY
                : survivesAsNumber(type, isReal));
    return fits ? Optional.empty() : Optional.of(words);
  }

  private static boolean survivesAsNumber(ColumnType type, boolean isReal) {
    if (type == Primitive.STRING) {
      return false;
    }
    if (type instanceof ColumnType.Decimal decimal) {
      return decimal.precision() <= KEPT_DIGITS;
    }
    return type != Primitive.LONG || !isReal;
  }

  @Override
  public void load(
      Connection connection, String table, List<Column> columns, Path rows, Cancellation cancel)
      throws SQLException, IOException {
    BatchLoad.load(connection, table, columns, rows, SqliteDelivery::bind, cancel);
  }

  private static void bind(PreparedStatement statement, int index, Column column, String text)
      throws SQLException {
    if (column.type() == Primitive.BOOLEAN) {
      statement.setInt(index, text.equals("true") ? 1 : 0);
    } else if (column.type() == Primitive.INT || column.type() == Primitive.LONG) {
      statement.setLong(index, Long.parseLong(text));
    } else if (BatchLoad.isFloat(column.type())) {
      double number = BatchLoad.number(text);
      if (Double.isNaN(number)) {
        throw BatchLoad.noValue(column, text);
      }
      statement.setDouble(index, number);
    } else if (column.type() == Primitive.BINARY) {
      statement.setBytes(index, BatchLoad.bytes(text));
    } else {
      statement.setString(index, text);
    }
  }
}
