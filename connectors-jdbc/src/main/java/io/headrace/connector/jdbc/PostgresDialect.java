package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CursorKind;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** PostgreSQL, which writes CSV itself. */
final class PostgresDialect implements Dialect {
  private static final int CHECKED_ROWS = 256;

  @Override
  public boolean isServer() {
    return true;
  }

  @Override
  public AllowedUrl allowed() {
    return AllowedUrl.POSTGRESQL;
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          SET TIME ZONE 'UTC';
          SET DateStyle = 'ISO, YMD';
          SET IntervalStyle = 'postgres';
          SET bytea_output = 'hex';
          SET extra_float_digits = 3;
          SET standard_conforming_strings = on""");
    }
    connection.commit();
  }

  @Override
  public void beginSnapshot(Connection connection) {
    // The first statement begins it: all transactions of the connection are of that kind.
  }

  @Override
  public Optional<String> shareSnapshot(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT pg_export_snapshot()")) {
      return result.next() ? Optional.of(result.getString(1)) : Optional.empty();
    }
  }

  @Override
  public void joinSnapshot(Connection connection, String snapshot) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT " + text(snapshot));
    }
  }

  @Override
  public List<String> bounds(
      Connection connection,
      String from,
      DatabaseColumn column,
      String condition,
      Cancellation cancel)
      throws SQLException {
    String name = quote(column.name());
    String sql =
        "SELECT min(%s)::text, max(%s)::text FROM %s%s"
            .formatted(name, name, from, condition.isEmpty() ? "" : " WHERE " + condition);
    try (Statement statement = connection.createStatement();
        Cancellation.Registration registration = cancel.onRequest(() -> CsvRows.stop(statement));
        ResultSet result = statement.executeQuery(sql)) {
      String smallest = result.next() ? result.getString(1) : null;
      return smallest == null ? List.of() : List.of(smallest, result.getString(2));
    }
  }

  @Override
  public DatabaseColumn column(ResultSetMetaData meta, int index, Optional<String> declared)
      throws SQLException {
    return new PostgresColumn(this, meta, index).column(declared);
  }

  @Override
  public String ordered(DatabaseColumn cursor) {
    String name = quote(cursor.name());
    boolean isText = cursor.cursor().equals(Optional.of(CursorKind.TEXT));
    return isText ? name + "::text COLLATE \"C\"" : name;
  }

  @Override
  public Optional<String> largest(Connection connection, String from, DatabaseColumn cursor)
      throws SQLException {
    String sql = "SELECT max(%s)::text FROM %s".formatted(ordered(cursor), from);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
    }
  }

  @Override
  public String literal(CursorKind kind, String position) {
    String type =
        switch (kind) {
          case NUMBER -> position.contains(".") || position.length() > 18 ? "numeric" : "bigint";
          case DATE -> "date";
          case TIMESTAMP -> "timestamp";
          case TIMESTAMPTZ -> "timestamptz";
          case TEXT, NUMBER_OR_TEXT -> "text";
        };
    return text(position) + "::" + type;
  }

  /** A literal of text. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public Optional<DeliveryDialect> delivery() {
    return Optional.of(new PostgresDelivery());
  }

  @Override
  public void read(Connection connection, Selection selection, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    String quoted =
        selection.columns().stream()
            .filter(DatabaseColumn::quoted)
            .map(column -> quote(column.name()))
            .collect(Collectors.joining(", "));
    String copy =
        "COPY (%s) TO STDOUT (FORMAT csv, ENCODING 'UTF8'%s)"
            .formatted(
                selection.sql(this), quoted.isEmpty() ? "" : ", FORCE_QUOTE (" + quoted + ")");
    PGConnection postgres = connection.unwrap(PGConnection.class);
    try (Cancellation.Registration registration = cancel.onRequest(() -> stop(postgres))) {
      CopyOut rows = postgres.getCopyAPI().copyOut(copy);
      try {
        write(rows, files, cancel);
      } catch (HeadraceException | IOException e) {
        rows.cancelCopy();
        throw e;
      }
    }
  }

  /** The server sends each row by itself. */
  private static void write(CopyOut rows, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    int count = 0;
    for (byte[] row = rows.readFromCopy(); row != null; row = rows.readFromCopy()) {
      if (++count % CHECKED_ROWS == 0) {
        cancel.throwIfRequested();
      }
      files.add(row, row.length);
    }
  }

  static void stop(PGConnection connection) {
    try {
      connection.cancelQuery();
    } catch (SQLException e) {
      // The next rows ask whether to go on.
    }
  }
}
