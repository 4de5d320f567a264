package io.headrace.connector.jdbc;

import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** MariaDB and MySQL. */
final class MariaDbDelivery implements DeliveryDialect {
  /** So many characters of a text go into an index. */
  private static final int INDEXED_CHARACTERS = 191;

  private static final Set<String> TEXTS =
      Set.of("varchar", "tinytext", "text", "mediumtext", "longtext", "json");
  private static final Set<String> INTEGERS = Set.of("int", "integer", "bigint");
  private static final Set<String> BYTES =
      Set.of("varbinary", "tinyblob", "blob", "mediumblob", "longblob");

  /** The types that take all values of another, besides text, integers and bytes. */
  private static final Map<Primitive, Set<String>> FITTING =
      Map.of(
          Primitive.BOOLEAN, Set.of("boolean", "tinyint", "bit"),
          Primitive.FLOAT, Set.of("float", "double"),
          Primitive.DOUBLE, Set.of("double"),
          Primitive.DATE, Set.of("date"),
          Primitive.TIME, Set.of("time"),
          Primitive.TIMESTAMP, Set.of("datetime"),
          Primitive.TIMESTAMPTZ, Set.of("datetime", "timestamp"),
          Primitive.UUID, Set.of("uuid", "char"));

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET SESSION time_zone = '+00:00', sql_mode ="
              + " 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES'");
    }
  }

  @Override
  public String begin() {
    return "START TRANSACTION";
  }

  @Override
  public String lock() {
    return " FOR UPDATE";
  }

  @Override
  public String wordType() {
    return "VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
  }

  @Override
  public String dropTemporary(String name) {
    return "DROP TEMPORARY TABLE IF EXISTS " + name;
  }

  @Override
  public String create(Dialect dialect, String table, List<Column> columns, List<String> key) {
    String index =
        key.isEmpty()
            ? ""
            : columns.stream()
                .filter(column -> key.contains(column.name()))
                .map(column -> dialect.quote(column.name()) + indexed(column.type()))
                .collect(Collectors.joining(", ", ", INDEX (", ")"));
    return columns.stream()
        .map(column -> dialect.quote(column.name()) + " " + type(column.type()) + " NULL")
        .collect(
            Collectors.joining(", ", "CREATE TABLE " + table + " (", index + ") ENGINE = InnoDB"));
  }

  private static String indexed(ColumnType type) {
    boolean isLong = type == Primitive.STRING || type == Primitive.BINARY;
    return isLong ? "(" + INDEXED_CHARACTERS + ")" : "";
  }

  @Override
  public String type(ColumnType type) {
    if (type instanceof Primitive primitive) {
      return switch (primitive) {
        case INT -> "INT";
        case LONG -> "BIGINT";
        case TIME -> "TIME(6)";
        // TIMESTAMP ends in 2038.
        case TIMESTAMP, TIMESTAMPTZ -> "DATETIME(6)";
        case STRING -> "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        case BINARY -> "LONGBLOB";
        case UUID -> "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
        default -> type.toString().toUpperCase(Locale.ROOT);
      };
    }
    return type instanceof ColumnType.Decimal decimal
        ? "DECIMAL(%d, %d)".formatted(decimal.precision(), decimal.scale())
        : "JSON";
  }

  @Override
  public String delete(Dialect dialect, String table, List<String> key, String keys) {
    // The first comparison finds rows by an index; the second folds and pads nothing.
    String same =
        key.stream()
            .map(dialect::quote)
            .map(name -> "t.%1$s = k.%1$s AND BINARY t.%1$s = BINARY k.%1$s".formatted(name))
            .collect(Collectors.joining(" AND "));
    return "DELETE t FROM %s AS t JOIN %s AS k ON %s".formatted(table, keys, same);
  }

  @Override
  public Optional<String> misfit(ColumnType type, ExistingColumn existing) {
    return fits(type, existing) ? Optional.empty() : Optional.of(existing.type());
  }

  private static boolean fits(ColumnType type, ExistingColumn existing) {
    String actual = existing.type();
    if (type == Primitive.BINARY) {
      return BYTES.contains(actual);
    }
    if (TEXTS.contains(actual)) {
      return true;
    }
    boolean isInteger = type == Primitive.INT || type == Primitive.LONG;
    if (actual.equals("decimal")) {
      return (isInteger || type instanceof ColumnType.Decimal) && existing.holdsDigits(type);
    }
    if (isInteger) {
      return INTEGERS.contains(actual) && (type == Primitive.INT || actual.equals("bigint"));
    }
    return type instanceof Primitive primitive
        && FITTING.getOrDefault(primitive, Set.of()).contains(actual)
        && (!actual.matches("time.*|datetime") || existing.scale() == 6);
  }

  @Override
  public Optional<String> unfit(Connection connection, Relation relation) throws SQLException {
    String sql =
        """
        SELECT t.ENGINE FROM information_schema.TABLES t
        LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
        WHERE t.TABLE_SCHEMA = COALESCE(?, DATABASE()) AND t.TABLE_NAME = ?
          AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES'""";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, relation.schema().orElse(null));
      statement.setString(2, relation.simpleName());
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? Optional.of("it is stored by %s, without transactions".formatted(result.getString(1)))
            : Optional.empty();
      }
    }
  }

  @Override
  public void load(
      Connection connection, String table, List<Column> columns, Path rows, Cancellation cancel)
      throws SQLException, IOException {
    BatchLoad.load(connection, table, columns, rows, MariaDbDelivery::bind, cancel);
  }

  private static void bind(PreparedStatement statement, int index, Column column, String text)
      throws SQLException {
    if (column.type() == Primitive.BOOLEAN) {
      statement.setString(index, text.equals("true") ? "1" : "0");
    } else if (column.type() == Primitive.BINARY) {
      statement.setBytes(index, BatchLoad.bytes(text));
    } else if (column.type() == Primitive.TIMESTAMPTZ) {
      statement.setString(index, text.substring(0, text.length() - 1));
    } else if (BatchLoad.isFloat(column.type()) && !Double.isFinite(BatchLoad.number(text))) {
      throw BatchLoad.noValue(column, text);
    } else {
      statement.setString(index, text);
    }
  }
}
