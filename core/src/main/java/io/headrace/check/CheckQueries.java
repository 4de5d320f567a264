package io.headrace.check;

import io.headrace.sql.SqlNames;
import io.headrace.table.TableName;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Turns a check into a query that returns the rows that break it. */
public final class CheckQueries {
  private CheckQueries() {}

  /**
   * The query of a check that has one: {@link Check.Anomalies} has none.
   *
   * @param now what freshness is measured against
   */
  public static String violations(Check check, Instant now) {
    Check.Rule rule = check.rule();
    if (rule instanceof Check.NoRows query) {
      return query.sql();
    }
    String table = check.table().map(SqlNames::quote).orElseThrow();
    if (rule instanceof Check.NotNull notNull) {
      return "SELECT * FROM %s WHERE %s"
          .formatted(table, each(notNull.columns(), " OR ", c -> c + " IS NULL"));
    }
    if (rule instanceof Check.Unique unique) {
      String columns = each(unique.columns(), ", ", c -> c);
      return "SELECT %s, count(*) AS copies FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1"
          .formatted(
              columns, table, each(unique.columns(), " AND ", c -> c + " IS NOT NULL"), columns);
    }
    if (rule instanceof Check.AcceptedValues accepted) {
      String values =
          accepted.values().stream().map(SqlNames::literal).collect(Collectors.joining(", "));
      String column = SqlNames.quote(accepted.column());
      return "SELECT * FROM %s WHERE CAST(%s AS VARCHAR) NOT IN (%s)"
          .formatted(table, column, values);
    }
    if (rule instanceof Check.References references) {
      return references(table, references);
    }
    if (rule instanceof Check.Rejected of) {
      return "SELECT * FROM " + SqlNames.quote(of.rejected());
    }
    if (rule instanceof Check.RowCount count) {
      return "SELECT count(*) AS row_count FROM %s HAVING count(*) < %d OR count(*) > %d"
          .formatted(table, count.least(), count.most());
    }
    if (rule instanceof Check.Freshness freshness) {
      LocalDateTime limit = LocalDateTime.ofInstant(now.minus(freshness.within()), ZoneOffset.UTC);
      return "SELECT max(%1$s) AS newest FROM %2$s HAVING max(%1$s) IS NULL OR max(%1$s) < '%3$s'"
          .formatted(SqlNames.quote(freshness.column()), table, limit);
    }
    return "SELECT * FROM %s WHERE NOT (%s\n)".formatted(table, ((Check.Condition) rule).sql());
  }

  /** Whether the query is made of what the user wrote, so that an engine must say what it reads. */
  public static boolean needsAnalysis(Check check) {
    return check.rule() instanceof Check.NoRows || check.rule() instanceof Check.Condition;
  }

  private static String references(String table, Check.References references) {
    TableName target = references.target();
    String match =
        IntStream.range(0, references.columns().size())
            .mapToObj(
                i ->
                    "target.%s = source.%s"
                        .formatted(
                            SqlNames.quote(references.keys().get(i)),
                            SqlNames.quote(references.columns().get(i))))
            .collect(Collectors.joining(" AND "));
    return "SELECT * FROM %s AS source WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS target WHERE %s)"
        .formatted(
            table,
            each(references.columns(), " AND ", c -> "source." + c + " IS NOT NULL"),
            SqlNames.quote(target),
            match);
  }

  private static String each(
      List<String> columns, String separator, Function<String, String> condition) {
    return columns.stream()
        .map(SqlNames::quote)
        .map(condition)
        .collect(Collectors.joining(separator));
  }
}
