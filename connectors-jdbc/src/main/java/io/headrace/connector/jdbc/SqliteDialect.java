package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CursorKind;
import io.headrace.connector.staging.ExactText;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** SQLite, where each value has a type of its own, whatever its column says. */
final class SqliteDialect implements Dialect {
  private static final int LARGEST_PRECISION = 38;

  @Override
  public AllowedUrl allowed() {
    return AllowedUrl.SQLITE;
  }

  @Override
  public String url(String scheme, String address, Path root, String connection) {
    Path file = root.resolve(address);
    if (!Files.isRegularFile(file)) {
      throw new HeadraceException(
          "There is no file '%s', which the connection '%s' names".formatted(address, connection),
          "Write its path in `url`, relative to the project's folder: `jdbc:sqlite:data/shop.db`");
    }
    return "jdbc:sqlite:" + file.toAbsolutePath();
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
  }

  @Override
  public void beginSnapshot(Connection connection) {
    // The first query begins it.
  }

  @Override
  public DatabaseColumn column(ResultSetMetaData meta, int index, Optional<String> declared)
      throws SQLException {
    String name = meta.getColumnLabel(index);
    String systemType = meta.getColumnTypeName(index);
    String type = declared.orElse(type(systemType, meta.getPrecision(index), meta.getScale(index)));
    boolean isPlain = ExactText.expression(type).isPresent();
    Cell cell = new SqliteCell(name, type).exactly(name, type);
    return new DatabaseColumn(name, type, quote(name), !isPlain, cell, cursor(type), systemType);
  }

  /** Each value tells what it is; {@link #largest} looks at them. */
  private static Optional<CursorKind> cursor(String type) {
    return switch (type) {
      case "BOOLEAN", "BLOB", "DOUBLE" -> Optional.empty();
      default -> Optional.of(CursorKind.NUMBER_OR_TEXT);
    };
  }

  /** By the words in the declaration, as SQLite goes about it. */
  static String type(String declaration, int precision, int scale) {
    String words = declaration.toUpperCase(Locale.ROOT);
    if (words.contains("INT")) {
      return "BIGINT";
    }
    if (words.contains("CHAR") || words.contains("CLOB") || words.contains("TEXT")) {
      return "VARCHAR";
    }
    if (words.contains("BLOB")) {
      return "BLOB";
    }
    if (words.contains("REAL") || words.contains("FLOA") || words.contains("DOUB")) {
      return "DOUBLE";
    }
    return switch (words) {
      case "BOOLEAN", "BOOL" -> "BOOLEAN";
      case "DATE", "TIME", "TIMESTAMP" -> words;
      case "DATETIME" -> "TIMESTAMP";
      case "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMPTZ";
      case "DECIMAL", "NUMERIC" ->
          precision >= 1 && precision <= LARGEST_PRECISION && scale >= 0 && scale <= precision
              ? "DECIMAL(%d,%d)".formatted(precision, scale)
              : "VARCHAR";
      default -> "VARCHAR";
    };
  }

  @Override
  public Optional<String> largest(Connection connection, String from, DatabaseColumn cursor)
      throws SQLException {
    String name = ordered(cursor);
    String sql =
        """
        SELECT CAST(last AS TEXT), typeof(first), typeof(last)
        FROM (SELECT (SELECT min(%s) FROM %s) AS first, (SELECT max(%s) FROM %s) AS last)"""
            .formatted(name, from, name, from);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      String largest = result.next() ? result.getString(1) : null;
      if (largest == null) {
        return Optional.empty();
      }
      String first = result.getString(2);
      String last = result.getString(3);
      boolean isText = last.equals("text") && CursorKind.TEXT.canonical(largest).isPresent();
      // Types are ordered too: if the first value and the last one are of one type, all are.
      if (!first.equals(last) || !(isText || last.equals("integer"))) {
        throw new HeadraceException(
            "Column '%s' cannot be the cursor: its values go from %s to %s '%s'"
                .formatted(cursor.name(), first, last, largest),
            "All must be integers, or all text that is no number: convert them with `query`, such"
                + " as SELECT *, CAST(%s AS INTEGER) AS position".formatted(name(cursor)));
      }
      return Optional.of(largest);
    }
  }

  private String name(DatabaseColumn column) {
    return quote(column.name());
  }

  @Override
  public String ordered(DatabaseColumn cursor) {
    return name(cursor) + " COLLATE BINARY";
  }

  @Override
  public String literal(CursorKind kind, String position) {
    if (CursorKind.NUMBER.canonical(position).isPresent()) {
      return position;
    }
    byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
    return "CAST(x'" + HexFormat.of().formatHex(bytes) + "' AS TEXT)";
  }

  @Override
  public void read(Connection connection, Selection selection, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    CsvRows.read(connection, selection.sql(this), selection.columns(), files, cancel);
  }

  @Override
  public Optional<DeliveryDialect> delivery() {
    return Optional.of(new SqliteDelivery());
  }

  @Override
  public Failures.Cause cause(SQLException e) {
    return switch (e.getErrorCode() & 0xff) {
      case 5, 6 -> Failures.Cause.LOCKED;
      case 8 -> Failures.Cause.READ_ONLY;
      case 11, 26 -> Failures.Cause.NOT_A_DATABASE;
      case 14, 23 -> Failures.Cause.FORBIDDEN;
      default -> {
        String message = String.valueOf(e.getMessage());
        yield message.contains("no such table")
            ? Failures.Cause.NO_TABLE
            : message.contains("no such column") ? Failures.Cause.NO_COLUMN : Failures.Cause.OTHER;
      }
    };
  }
}
