package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CursorKind;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A database file of DuckDB, which is opened in this process. Of reading, nothing is special but
 * how it is opened.
 */
final class DuckDbDialect implements Dialect {
  private static final GeneralDialect GENERAL = new GeneralDialect(AllowedUrl.DUCKDB);

  @Override
  public AllowedUrl allowed() {
    return AllowedUrl.DUCKDB;
  }

  @Override
  public String url(String scheme, String address, Path root, String connection) {
    Path file = root.resolve(address).toAbsolutePath();
    Path folder = file.getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw new HeadraceException(
          "There is no place for a file '%s', which the connection '%s' names"
              .formatted(address, connection),
          "Write its path in `url`, relative to the project's folder: `jdbc:duckdb:out/shop.duckdb`");
    }
    return "jdbc:duckdb:" + file;
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
    return GENERAL.column(meta, index, declared);
  }

  @Override
  public Optional<String> largest(Connection connection, String from, DatabaseColumn cursor)
      throws SQLException {
    return GENERAL.largest(connection, from, cursor);
  }

  @Override
  public String literal(CursorKind kind, String position) {
    return kind == CursorKind.TIMESTAMPTZ
        ? "TIMESTAMPTZ '" + position + "'"
        : GENERAL.literal(kind, position);
  }

  @Override
  public void read(Connection connection, Selection selection, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    GENERAL.read(connection, selection, files, cancel);
  }

  @Override
  public Optional<DeliveryDialect> delivery() {
    return Optional.of(new DuckDbDelivery());
  }

  @Override
  public Failures.Cause cause(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("does not exist") && message.contains("Table with name")) {
      return Failures.Cause.NO_TABLE;
    }
    if (message.contains("Referenced column")) {
      return Failures.Cause.NO_COLUMN;
    }
    if (message.contains("Could not set lock") || message.contains("different configuration")) {
      return Failures.Cause.LOCKED;
    }
    if (message.contains("onflict on ") || message.contains("write-write conflict")) {
      return Failures.Cause.OVERTAKEN;
    }
    if (message.contains("not a valid DuckDB database")) {
      return Failures.Cause.NOT_A_DATABASE;
    }
    return message.contains("read-only mode")
        ? Failures.Cause.READ_ONLY
        : message.contains("Parser Error") ? Failures.Cause.SYNTAX : Failures.Cause.OTHER;
  }
}
