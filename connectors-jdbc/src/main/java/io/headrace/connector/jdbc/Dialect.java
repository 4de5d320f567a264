package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CursorKind;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What is special about a system. Stateless. */
interface Dialect {
  /** Whether it is a process of its own, that a connection which does nothing holds up nowhere. */
  default boolean isServer() {
    return false;
  }

  /** Which URLs and properties are allowed. */
  AllowedUrl allowed();

  /**
   * The URL for the driver.
   *
   * @param address as {@link AllowedUrl#address} allows it
   * @param connection the name of the connection, for messages
   */
  default String url(String scheme, String address, Path root, String connection) {
    return "jdbc:" + scheme + ":" + address;
  }

  /** The name between the quotes of the system. */
  default String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Makes a new connection read-only, and speak of times in UTC. */
  void prepare(Connection connection) throws SQLException;

  /** Begins a transaction that sees one state of the database, if the system can do that. */
  void beginSnapshot(Connection connection) throws SQLException;

  /**
   * Makes the state that the connection's transaction sees known to others, as long as it lasts.
   *
   * @return what {@link #joinSnapshot} takes; empty if the system has no such thing
   */
  default Optional<String> shareSnapshot(Connection connection) throws SQLException {
    return Optional.empty();
  }

  /** Begins a transaction that sees a state that another connection shares. */
  default void joinSnapshot(Connection connection, String snapshot) throws SQLException {
    throw new UnsupportedOperationException("No snapshots are shared here");
  }

  /**
   * How a column is read.
   *
   * @param declared the type that the project declares
   */
  DatabaseColumn column(ResultSetMetaData meta, int index, Optional<String> declared)
      throws SQLException;

  /** The expression for a cursor that is ordered as its positions are. */
  default String ordered(DatabaseColumn cursor) {
    return quote(cursor.name());
  }

  /**
   * The largest value of a cursor as {@link CursorKind#canonical} takes it, or empty without rows.
   *
   * @throws HeadraceException if the values have no order that positions could have
   */
  Optional<String> largest(Connection connection, String from, DatabaseColumn cursor)
      throws SQLException;

  /**
   * The smallest value and the largest of a column that is no text, among rows that a condition
   * holds for, as {@link CursorKind#canonical} takes them. Empty without rows or without values.
   */
  default List<String> bounds(
      Connection connection,
      String from,
      DatabaseColumn column,
      String condition,
      Cancellation cancel)
      throws SQLException {
    return List.of();
  }

  /** A position as a literal of {@link #ordered}'s type. It has the form of its kind. */
  String literal(CursorKind kind, String position);

  /** Writes the rows of a query that selects the columns in order. */
  void read(Connection connection, Selection selection, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException;

  /** How rows are delivered to the system; empty if they cannot be. */
  default Optional<DeliveryDialect> delivery() {
    return Optional.empty();
  }

  /** What the system calls the schema that a table without one is looked for in, if it has them. */
  default Optional<String> currentSchema(Connection connection) throws SQLException {
    return Optional.ofNullable(connection.getSchema());
  }

  /** Says what is behind an error of this system, if that is not plain from its state. */
  default Failures.Cause cause(SQLException e) {
    return Failures.Cause.ofState(e);
  }

  /** The declared type of a column, if there is one. Names are compared as the engine does. */
  static Optional<String> declared(Iterable<DeclaredColumn> columns, String name) {
    for (DeclaredColumn column : columns) {
      if (column.name().equalsIgnoreCase(name)) {
        return Optional.of(column.type());
      }
    }
    return Optional.empty();
  }
}
