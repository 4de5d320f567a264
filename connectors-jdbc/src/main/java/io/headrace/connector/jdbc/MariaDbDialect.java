package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CursorKind;
import io.headrace.engine.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;

/** MariaDB and MySQL. */
final class MariaDbDialect implements Dialect {
  @Override
  public boolean isServer() {
    return true;
  }

  @Override
  public AllowedUrl allowed() {
    return AllowedUrl.MARIADB;
  }

  @Override
  public String url(String scheme, String address, Path root, String connection) {
    return "jdbc:mariadb:" + address;
  }

  @Override
  public String quote(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION time_zone = '+00:00'");
      statement.execute("SET SESSION TRANSACTION READ ONLY");
    }
  }

  @Override
  public void beginSnapshot(Connection connection) {
    // The first query begins it: all transactions of the connection are of that kind.
  }

  @Override
  public DatabaseColumn column(ResultSetMetaData meta, int index, Optional<String> declared)
      throws SQLException {
    return MariaDbColumn.of(this, meta, index, declared);
  }

  @Override
  public String ordered(DatabaseColumn cursor) {
    boolean isText = cursor.cursor().equals(Optional.of(CursorKind.TEXT));
    // Bytes are neither folded nor padded when they are compared.
    return isText
        ? "CAST(CONVERT(%s USING utf8mb4) AS BINARY)".formatted(quote(cursor.name()))
        : quote(cursor.name());
  }

  @Override
  public Optional<String> largest(Connection connection, String from, DatabaseColumn cursor)
      throws SQLException {
    String largest = "max(" + ordered(cursor) + ")";
    boolean isText = cursor.cursor().equals(Optional.of(CursorKind.TEXT));
    String sql =
        "SELECT %s FROM %s".formatted(isText ? largest : "CAST(" + largest + " AS CHAR)", from);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      byte[] value = result.next() ? result.getBytes(1) : null;
      if (value == null) {
        return Optional.empty();
      }
      String text = new String(value, StandardCharsets.UTF_8);
      boolean isMoment = cursor.cursor().equals(Optional.of(CursorKind.TIMESTAMPTZ));
      return Optional.of(isMoment ? text + "Z" : text);
    }
  }

  @Override
  public String literal(CursorKind kind, String position) {
    return switch (kind) {
      case NUMBER -> position;
      case DATE -> "DATE '" + position + "'";
      case TIMESTAMP, TIMESTAMPTZ ->
          "TIMESTAMP '" + position.replace('T', ' ').replace("Z", "") + "'";
      case TEXT, NUMBER_OR_TEXT ->
          "x'" + HexFormat.of().formatHex(position.getBytes(StandardCharsets.UTF_8)) + "'";
    };
  }

  @Override
  public void read(Connection connection, Selection selection, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    CsvRows.read(connection, selection.sql(this), selection.columns(), files, cancel);
  }

  @Override
  public Optional<String> currentSchema(Connection connection) throws SQLException {
    return Optional.ofNullable(connection.getCatalog());
  }

  @Override
  public Optional<DeliveryDialect> delivery() {
    return Optional.of(new MariaDbDelivery());
  }

  @Override
  public Failures.Cause cause(SQLException e) {
    return switch (e.getErrorCode()) {
      case 1044, 1049 -> Failures.Cause.NO_DATABASE;
      case 1064 -> Failures.Cause.SYNTAX;
      case 1142, 1143 -> Failures.Cause.FORBIDDEN;
      case 1792 -> Failures.Cause.READ_ONLY;
      default -> Failures.Cause.ofState(e);
    };
  }
}
