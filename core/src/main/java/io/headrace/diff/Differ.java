package io.headrace.diff;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.Rows;
import io.headrace.plan.ColumnChanges;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares snapshots, and versions of a table. Reads only. */
public final class Differ {
  private static final TableName LEFT = new TableName("headrace_diff", "a");
  private static final TableName RIGHT = new TableName("headrace_diff", "b");

  private final Workspace workspace;

  public Differ(Workspace workspace) {
    this.workspace = workspace;
  }

  /** A table that differs: its version on either side, empty where it is not there. */
  public record TableDiff(TableName table, Optional<Version> left, Optional<Version> right) {

    /** How it differs, in a word. */
    public String kind() {
      return left.isEmpty() ? "added" : right.isEmpty() ? "removed" : "changed";
    }
  }

  /** How two versions of a table differ in their columns, in words such as {@code + day date}. */
  public List<String> columns(Version left, Version right) {
    return ColumnChanges.between(
        workspace.tables().load(left.metadataLocation()).schema(),
        workspace.tables().load(right.metadataLocation()).schema());
  }

  /** The tables that differ, by name. */
  public List<TableDiff> tables(Snapshot left, Snapshot right) {
    List<TableDiff> differences = new ArrayList<>();
    TreeSet<TableName> tables = new TreeSet<>(left.versions().keySet());
    tables.addAll(right.versions().keySet());
    for (TableName table : tables) {
      if (!left.version(table).equals(right.version(table))) {
        differences.add(
            new TableDiff(
                table,
                left.version(table).flatMap(workspace.catalog().versions()::find),
                right.version(table).flatMap(workspace.catalog().versions()::find)));
      }
    }
    return differences;
  }

  /**
   * The rows that are in one version and not in the other: a column {@code change} says {@code -}
   * for rows of the left alone and {@code +} for rows of the right alone. Compares the columns that
   * both have, and sorts by {@code key}, or all columns if it is empty.
   */
  public Rows rows(Version left, Version right, List<String> key, long limit, Cancellation cancel) {
    TableData before = workspace.tables().load(left.metadataLocation());
    TableData after = workspace.tables().load(right.metadataLocation());
    try (Session session = workspace.engine().open(workspace.root())) {
      return rows(session, before, after, key, limit, cancel);
    }
  }

  /** As {@link #rows(Version, Version, List, long, Cancellation)}, of rows that are no version. */
  public static Rows rows(
      Session session,
      TableData left,
      TableData right,
      List<String> key,
      long limit,
      Cancellation cancel) {
    List<String> columns = shared(left, right);
    if (columns.isEmpty()) {
      return new Rows(List.of(), List.of(), false);
    }
    String compared = compared(left, right);
    // By position: a table may have a column of the name 'change' itself.
    String order =
        key.isEmpty()
            ? IntStream.rangeClosed(2, columns.size() + 1)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "))
            : names(key);
    String sql =
        """
        SELECT '-' AS change, %1$s FROM (%2$s)
        UNION ALL
        SELECT '+' AS change, %1$s FROM (%3$s)
        ORDER BY %4$s, 1 DESC"""
            .formatted(
                names(columns), only(compared, LEFT, RIGHT), only(compared, RIGHT, LEFT), order);
    session.bind(LEFT, left);
    session.bind(RIGHT, right);
    return session.query(new Query.Select(sql), limit, cancel);
  }

  /**
   * How many rows are on one side alone, in the columns that both have.
   *
   * @param left how many only the left has
   * @param right how many only the right has
   */
  public record Counts(long left, long right) {}

  /** Counts the rows that are on one side and not on the other, each as often as it is. */
  public static Counts count(
      Session session, TableData left, TableData right, Cancellation cancel) {
    if (shared(left, right).isEmpty()) {
      return new Counts(left.rowCount(), right.rowCount());
    }
    String compared = compared(left, right);
    String sql =
        "SELECT (SELECT count(*) FROM (%s)), (SELECT count(*) FROM (%s))"
            .formatted(only(compared, LEFT, RIGHT), only(compared, RIGHT, LEFT));
    session.bind(LEFT, left);
    session.bind(RIGHT, right);
    List<Object> counts = session.query(new Query.Select(sql), 1, cancel).values().get(0);
    return new Counts(((Number) counts.get(0)).longValue(), ((Number) counts.get(1)).longValue());
  }

  /** The columns that both have, in the order of the right. */
  private static List<String> shared(TableData left, TableData right) {
    return right.schema().columns().stream()
        .map(Column::name)
        .filter(name -> left.schema().find(name).isPresent())
        .toList();
  }

  /** What to compare rows by: the columns, and what tells -0.0 from 0.0, which SQL takes for it. */
  private static String compared(TableData left, TableData right) {
    List<String> compared = new ArrayList<>();
    for (Column column : right.schema().columns()) {
      Optional<Column> other = left.schema().find(column.name());
      String name = SqlNames.quote(column.name());
      if (other.isPresent()) {
        compared.add(name);
        if (column.type().holdsFloats() && sameType(column, other.get())) {
          boolean isNumber = column.type() instanceof ColumnType.Primitive;
          String sign = isNumber ? "%1$s = 0 AND signbit(%1$s)" : "%1$s::VARCHAR";
          compared.add(sign.formatted(name) + " AS \"(sign %d)\"".formatted(compared.size()));
        }
      }
    }
    return String.join(", ", compared);
  }

  private static boolean sameType(Column a, Column b) {
    return a.type().toString().equals(b.type().toString());
  }

  /** A query for the rows that one table has and another has not. */
  private static String only(String compared, TableName table, TableName other) {
    return "SELECT %1$s FROM %2$s EXCEPT ALL SELECT %1$s FROM %3$s"
        .formatted(compared, SqlNames.quote(table), SqlNames.quote(other));
  }

  private static String names(List<String> columns) {
    return columns.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
  }
}
