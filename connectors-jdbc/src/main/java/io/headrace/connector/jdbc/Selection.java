package io.headrace.connector.jdbc;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows that are read.
 *
 * @param columns in order
 * @param from as in a FROM clause
 * @param condition on the rows; empty for all
 */
record Selection(List<DatabaseColumn> columns, String from, String condition) {
  /** The query, whose columns have the names of the columns. */
  String sql(Dialect dialect) {
    String list =
        columns.stream()
            .map(column -> column.expression() + " AS " + dialect.quote(column.name()))
            .collect(Collectors.joining(", "));
    return "SELECT " + list + " FROM " + from + (condition.isEmpty() ? "" : " WHERE " + condition);
  }
}
