package io.headrace.engine.duckdb;

import io.headrace.engine.Veil;
import io.headrace.table.Column;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the SQL that reads what a veil leaves of a table.
 *
 * <p>A condition on rows alone would not do: the optimizer is free to ask a query's own conditions
 * of a row first, and what those say when they fail would tell what is in it. So each column is
 * nothing at all unless the condition holds, whatever is asked first.
 */
final class Veils {
  private Veils() {}

  static String over(TableName name, TableData data, Veil veil) {
    String all = Scans.of(data);
    if (veil.isEmpty()) {
      return all;
    }
    List<Column> columns = data.schema().columns();
    // Without names of their own, so that no expression can mean the result instead of the column.
    String expressions =
        columns.stream().map(column -> expression(column, veil)).collect(Collectors.joining(", "));
    String names =
        columns.stream()
            .map(Column::name)
            .map(SqlText::identifier)
            .collect(Collectors.joining(", "));
    String condition = veil.rows().isEmpty() ? "" : " WHERE " + condition(veil);
    return "SELECT * FROM (SELECT %s FROM (%s) AS %s%s) AS t(%s)"
        .formatted(expressions, all, SqlText.identifier(name.name()), condition, names);
  }

  private static String expression(Column column, Veil veil) {
    String mask = veil.columns().get(column.name().toLowerCase(Locale.ROOT));
    String own = SqlText.identifier(column.name());
    String value = mask == null ? own : mask.equals(Veil.NOTHING) ? nothing(own) : safe(mask);
    return veil.rows().isEmpty()
        ? value
        : "CASE WHEN %s THEN %s END".formatted(condition(veil), value);
  }

  /** Nothing, of the column's own type. */
  private static String nothing(String column) {
    return "CASE WHEN false THEN %s END".formatted(column);
  }

  private static String condition(Veil veil) {
    String all = veil.rows().stream().map(Veils::grouped).collect(Collectors.joining(" AND "));
    return "coalesce(%s, false)".formatted(safe(all));
  }

  /** What fails says why, and so what it saw. */
  private static String safe(String expression) {
    return "TRY(%s)".formatted(grouped(expression));
  }

  /** On a line of its own, so that a comment ends where the expression does. */
  private static String grouped(String expression) {
    return "(%s\n)".formatted(expression);
  }
}
