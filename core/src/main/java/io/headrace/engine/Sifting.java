package io.headrace.engine;

import static java.util.Objects.requireNonNull;

import io.headrace.sql.SqlNames;
import io.headrace.sql.Subquery;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Divides the rows of a query in two: the good ones, and those that could not be read or that break
 * a rule, with the reason. Each row is in one of the two halves.
 *
 * <p>A row that could not be read has a text in the column {@link #ERROR}. That column and others
 * whose names are in parentheses tell where a row is from and what it was; good rows are without
 * them.
 *
 * @param rules what good rows satisfy
 * @param origin of rows that are read from outside, the columns that a rejected row has; if empty,
 *     it has all columns of the query
 */
public record Sifting(List<Rule> rules, List<String> origin, Half half) {
  /** Says of a row why it could not be read; null of those that could. */
  public static final String ERROR = "(error)";

  /** The column of rejected rows that says why they are. */
  public static final String REASON = "reason";

  public Sifting {
    rules = List.copyOf(rules);
    origin = List.copyOf(origin);
    requireNonNull(half, "half is null");
  }

  /** Which of the rows. */
  public enum Half {
    GOOD,
    REJECTED
  }

  /**
   * What good rows satisfy. As in SQL and in checks, a condition that is null is not broken.
   *
   * @param name unique among the rules of a table
   * @param condition on the columns of one row, in the engine's dialect
   */
  public record Rule(String name, String condition) {
    public Rule {
      requireNonNull(name, "name is null");
      requireNonNull(condition, "condition is null");
    }

    /** The line break ends a comment that may be the last thing in the condition. */
    private String broken() {
      return "NOT (" + condition + "\n)";
    }
  }

  /** The same rules and the other half of the rows, or the same one. */
  public Sifting with(Half wanted) {
    return new Sifting(rules, origin, wanted);
  }

  /** The same for rows that are read from outside; see {@link #origin}. */
  public Sifting of(List<String> columns) {
    return new Sifting(rules, columns, half);
  }

  /** What stands before the query, whose parenthesis {@link #after} closes. */
  public String before() {
    if (half == Half.GOOD) {
      return "SELECT *%s FROM (".formatted(origin.isEmpty() ? "" : " EXCLUDE (" + marks() + ")");
    }
    String columns =
        origin.isEmpty()
            ? "*"
            : each(
                origin.stream(), ", ", c -> SqlNames.quote(c) + " AS " + SqlNames.quote(bare(c)));
    String names =
        each(
            rules.stream(),
            ", ",
            r -> "CASE WHEN %s THEN %s END".formatted(r.broken(), SqlNames.literal(r.name())));
    String broken = rules.isEmpty() ? "NULL" : "concat_ws('; ', " + names + ")";
    String reason =
        origin.isEmpty() ? broken : "coalesce(%s, %s)".formatted(SqlNames.quote(ERROR), broken);
    return "SELECT %s, %s AS %s FROM (".formatted(columns, reason, REASON);
  }

  /** What stands behind the query. */
  public String after() {
    boolean isGood = half == Half.GOOD;
    Stream<String> error =
        origin.isEmpty()
            ? Stream.of()
            : Stream.of(SqlNames.quote(ERROR) + (isGood ? " IS NULL" : " IS NOT NULL"));
    Stream<String> broken =
        rules.stream()
            .map(r -> (isGood ? "NOT " : "") + "coalesce(%s, false)".formatted(r.broken()));
    return ") WHERE "
        + each(Stream.concat(error, broken), isGood ? " AND " : " OR ", Function.identity());
  }

  /** The query of this half of a query's rows. */
  public String of(String sql) {
    String query = Subquery.of(sql);
    return before() + query.substring(1, query.length() - 1) + after();
  }

  /** The columns of a rejected row that tell which one it is; empty if only all of them do. */
  public List<String> rejectedColumns() {
    return origin.stream().map(Sifting::bare).toList();
  }

  private String marks() {
    Stream<String> columns =
        Stream.concat(origin.stream().filter(Sifting::isMark), Stream.of(ERROR));
    return each(columns, ", ", SqlNames::quote);
  }

  private static boolean isMark(String column) {
    return column.startsWith("(");
  }

  private static String bare(String column) {
    return isMark(column) ? column.substring(1, column.length() - 1) : column;
  }

  private static <T> String each(Stream<T> values, String separator, Function<T, String> text) {
    return values.map(text).collect(Collectors.joining(separator));
  }
}
