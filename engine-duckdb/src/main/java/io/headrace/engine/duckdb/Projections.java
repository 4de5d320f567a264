package io.headrace.engine.duckdb;

import io.headrace.table.Column;
import java.util.List;
import java.util.stream.Collectors;

/** Wraps queries so that their columns have the types of a table. */
final class Projections {
  private Projections() {}

  /**
   * The query with just these columns in these types. Without it, DuckDB would write sums of
   * integers as doubles, which lose digits.
   */
  static Script typed(Script query, List<Column> columns) {
    return query.within("SELECT " + casts(columns) + " FROM (", ")");
  }

  static String casts(List<Column> columns) {
    return columns.stream().map(Projections::cast).collect(Collectors.joining(", "));
  }

  private static String cast(Column column) {
    String name = SqlText.identifier(column.name());
    return "CAST(%s AS %s) AS %s".formatted(name, Types.toDuckDb(column.type()), name);
  }
}
