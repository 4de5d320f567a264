package io.headrace.connector.jdbc;

import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is special about a system that rows are delivered to. Stateless. */
interface DeliveryDialect {
  /** Properties of the driver that a connection that writes needs. */
  default Map<String, String> properties() {
    return Map.of();
  }

  /** Makes a new connection strict about values, and speak of times in UTC. */
  void prepare(Connection connection) throws SQLException;

  /** Begins a transaction that writes. */
  String begin();

  /** Behind a query: locks its rows until the transaction ends, if {@link #begin} did not. */
  String lock();

  /** The type of columns that take all values of a type. */
  String type(ColumnType type);

  /** The statement that makes a table, in which rows are found by their keys. */
  default String create(Dialect dialect, String table, List<Column> columns, List<String> key) {
    String primary =
        key.isEmpty()
            ? ""
            : key.stream()
                .map(dialect::quote)
                .collect(Collectors.joining(", ", ", PRIMARY KEY (", ")"));
    return columns.stream()
        .map(column -> dialect.quote(column.name()) + " " + type(column.type()))
        .collect(Collectors.joining(", ", "CREATE TABLE " + table + " (", primary + ")"));
  }

  /** The type of short text in the table of notes. */
  String wordType();

  /** The name of a temporary table, as statements have it. */
  default String temporary(String name) {
    return name;
  }

  /** The statement that takes a temporary table away, if it is there, and no other one. */
  default String dropTemporary(String name) {
    return "DROP TABLE IF EXISTS " + temporary(name);
  }

  /** The statement that takes rows out whose keys are in another table, which has only these. */
  String delete(Dialect dialect, String table, List<String> key, String keys);

  /**
   * Why a column that is there cannot take all values of a type as they are: the type that it has.
   * Empty if it can. Values that have no place in it at all are refused by the system.
   */
  Optional<String> misfit(ColumnType type, ExistingColumn existing);

  /** Says why a table cannot be delivered to, if there is a reason in how it is stored. */
  default Optional<String> unfit(Connection connection, Relation relation) throws SQLException {
    return Optional.empty();
  }

  /** Writes the rows of a file into a temporary table that has these columns. */
  void load(
      Connection connection, String table, List<Column> columns, Path rows, Cancellation cancel)
      throws SQLException, IOException;
}
