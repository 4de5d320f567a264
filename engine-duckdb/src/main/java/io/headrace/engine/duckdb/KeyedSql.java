package io.headrace.engine.duckdb;

import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.KeyRule;
import io.headrace.table.KeyRule.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL of a {@link KeyRule}, over the rows of a query. It goes over all rows of a key in order,
 * so that its result does not depend on the order in which they arrived.
 */
final class KeyedSql {
  /** Whether a row says that its key is gone. */
  static final String DELETED = "\"(deleted)\"";

  private final KeyRule rule;
  private final List<Column> columns;
  private final String keys;
  private final String order;

  /**
   * @param columns those of the rows, in the types of the table
   * @throws QueryException if a column that the rule names is not there, or cannot be used so
   */
  KeyedSql(KeyRule rule, List<Column> columns) {
    this.rule = rule;
    this.columns = List.copyOf(columns);
    rule.key().forEach(name -> requireKey(named(name, "key")));
    String orderKey = rule.kind() == Kind.HISTORY ? "valid_from" : "latest_by";
    rule.latestBy().forEach(name -> named(name, orderKey));
    rule.tracked().forEach(name -> named(name, "track"));
    this.keys = SqlText.identifiers(rule.key());
    this.order = SqlText.identifier(rule.latestBy().get(0));
  }

  /** The columns of the rows that become a table of {@code columns}. */
  static List<Column> rowColumns(KeyRule rule, List<Column> columns) {
    return columns.subList(0, columns.size() - added(rule).size());
  }

  /** The names of the columns that the rule adds. */
  private static List<String> added(KeyRule rule) {
    if (rule.kind() == Kind.LATEST) {
      return List.of();
    }
    boolean has = rule.latestBy().get(0).equalsIgnoreCase(KeyRule.VALID_FROM);
    return has
        ? List.of(KeyRule.VALID_TO, KeyRule.IS_CURRENT)
        : List.of(KeyRule.VALID_FROM, KeyRule.VALID_TO, KeyRule.IS_CURRENT);
  }

  private Column named(String name, String where) {
    return columns.stream()
        .filter(column -> column.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new QueryException(
                    "`%s` names column '%s', which the query does not return"
                        .formatted(where, name),
                    "It returns "
                        + columns.stream().map(Column::name).collect(Collectors.joining(", "))));
  }

  private static void requireKey(Column column) {
    ColumnType type = column.type();
    boolean isPlain = type instanceof Primitive || type instanceof ColumnType.Decimal;
    if (!isPlain || type == Primitive.FLOAT || type == Primitive.DOUBLE) {
      throw new QueryException(
          "column '%s' has type %s, which cannot be a key".formatted(column.name(), type),
          "Use a number without fraction, a text, a date, a time or a UUID");
    }
  }

  /** The columns of the table that the rule makes of the rows. */
  List<Column> tableColumns() {
    List<Column> all = new ArrayList<>(columns);
    for (String name : added(rule)) {
      if (columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(name))) {
        throw new QueryException(
            "the query returns a column '%s', which a history adds itself".formatted(name),
            "Give the column another name");
      }
      ColumnType type =
          name.equals(KeyRule.IS_CURRENT)
              ? Primitive.BOOLEAN
              : named(rule.latestBy().get(0), "valid_from").type();
      all.add(Column.of(name, type));
    }
    return all;
  }

  /** The rows in the types of the table, and whether each says that its key is gone. */
  Script marked(Script rows) {
    String condition = rule.deletedWhen().map("coalesce((%s\n), false)"::formatted).orElse("false");
    StringBuilder cases = new StringBuilder("CASE");
    rule.key().forEach(name -> cases.append(refusal(name, "the key of a row is NULL: %s")));
    rule.latestBy()
        .forEach(name -> cases.append(refusal(name, "a row cannot be put in order: %s is NULL")));
    return rows.within(
        "SELECT %s, %s ELSE %s END AS %s FROM ("
            .formatted(Projections.casts(columns), cases, condition, DELETED),
        ") AS \"(row)\"");
  }

  private static String refusal(String column, String message) {
    return " WHEN %s IS NULL THEN error(%s)"
        .formatted(
            SqlText.identifier(column),
            SqlText.literal(
                message.formatted("'" + column + "'")
                    + "\nLeave such rows out: WHERE %s IS NOT NULL".formatted(column)));
  }

  /** What the rule makes of marked rows. */
  Script result(Script marked) {
    return rule.kind() == Kind.LATEST ? latest(marked) : history(marked);
  }

  private Script latest(Script marked) {
    String descending =
        rule.latestBy().stream()
            .map(name -> SqlText.identifier(name) + " DESC, ")
            .collect(Collectors.joining("", "ORDER BY ", DELETED + " DESC"));
    return marked.within(
        """
        SELECT %s FROM (
          SELECT *, row_number() OVER "(rows)" AS "(place)",
            min("(hash)") OVER "(ties)" <> max("(hash)") OVER "(ties)" AS "(differs)"
          FROM (SELECT *, hash("(marked)") AS "(hash)" FROM ("""
            .formatted(SqlText.identifiers(columns.stream().map(Column::name).toList())),
        """
        ) AS "(marked)")
          WINDOW "(rows)" AS (PARTITION BY %1$s %2$s),
            "(ties)" AS (PARTITION BY %1$s %2$s RANGE BETWEEN CURRENT ROW AND CURRENT ROW))
        WHERE CASE WHEN "(place)" <> 1 OR %3$s THEN false WHEN "(differs)" THEN %4$s ELSE true END\
        """
            .formatted(keys, descending, DELETED, conflict()));
  }

  /** An error that shows the key of a row. */
  private String conflict() {
    String values =
        rule.key().stream()
            .map(name -> "coalesce(" + SqlText.identifier(name) + "::VARCHAR, '')")
            .collect(Collectors.joining(" || ', ' || "));
    String order = String.join(", ", rule.latestBy());
    return "error(%s || %s || %s)"
        .formatted(
            SqlText.literal("two rows of key "),
            values,
            SqlText.literal(
                " differ and have the same %s%nAdd a column that tells which one is later, or leave one of them out"
                    .formatted(order)));
  }

  private Script history(Script marked) {
    List<String> tracked = tracked();
    String values = tracked.isEmpty() ? "true" : "row(" + SqlText.identifiers(tracked) + ")";
    String all =
        columns.stream()
            .map(Column::name)
            .map(SqlText::identifier)
            .collect(Collectors.joining(", "));
    boolean hasFrom = added(rule).size() == 2;
    return marked.within(
        """
        SELECT %1$s%2$s, "(until)" AS %3$s, "(until)" IS NULL AS %4$s FROM (
          SELECT *, lead(%5$s) OVER (PARTITION BY %6$s ORDER BY %5$s, %7$s) AS "(until)" FROM (
            SELECT *, lag(%8$s) OVER "(rows)" AS "(before)", lag(%7$s) OVER "(rows)" AS "(gone)",
              lag(%5$s) OVER "(rows)" AS "(at)", lag("(hash)") OVER "(rows)" AS "(other)"
            FROM (SELECT *, hash("(marked)") AS "(hash)" FROM ("""
            .formatted(
                all,
                hasFrom ? "" : ", " + order + " AS " + SqlText.identifier(KeyRule.VALID_FROM),
                SqlText.identifier(KeyRule.VALID_TO),
                SqlText.identifier(KeyRule.IS_CURRENT),
                order,
                keys,
                DELETED,
                values),
        """
        ) AS "(marked)")
            WINDOW "(rows)" AS (PARTITION BY %1$s ORDER BY %2$s, %3$s, "(hash)"))
          WHERE CASE WHEN %3$s THEN NOT "(gone)"
            WHEN "(at)" = %2$s AND NOT "(gone)" AND "(other)" <> "(hash)" THEN %4$s
            ELSE "(gone)" IS NULL OR "(gone)" OR %5$s IS DISTINCT FROM "(before)" END)
        WHERE NOT %3$s AND ("(until)" IS NULL OR "(until)" > %2$s)\
        """
            .formatted(keys, order, DELETED, conflict(), values));
  }

  /** Conditions that two rows agree in what counts as a change, each with AND before it. */
  String sameTracked(String a, String b) {
    return tracked().stream()
        .map(SqlText::identifier)
        .map(name -> " AND %s.%s IS NOT DISTINCT FROM %s.%s".formatted(a, name, b, name))
        .collect(Collectors.joining());
  }

  private List<String> tracked() {
    return rule.tracked().isEmpty() ? others() : rule.tracked();
  }

  /** The columns that are neither key nor order. */
  private List<String> others() {
    return columns.stream()
        .map(Column::name)
        .filter(name -> rule.key().stream().noneMatch(name::equalsIgnoreCase))
        .filter(name -> rule.latestBy().stream().noneMatch(name::equalsIgnoreCase))
        .toList();
  }

  /**
   * The columns that no two rows of a table agree in: a new row there takes the place of the old.
   */
  List<String> place() {
    List<String> place = new ArrayList<>(rule.key());
    if (rule.kind() == Kind.HISTORY) {
      place.add(rule.latestBy().get(0));
    }
    return List.copyOf(place);
  }

  /**
   * The columns that tell the rows of a table apart: rows that agree in them are the same, as they
   * come from the same rows of the query.
   */
  List<String> identity() {
    List<String> identity = new ArrayList<>(rule.key());
    if (rule.kind() == Kind.LATEST) {
      identity.addAll(rule.latestBy());
    } else {
      identity.add(rule.latestBy().get(0));
      identity.add(KeyRule.VALID_TO);
    }
    return List.copyOf(identity);
  }
}
