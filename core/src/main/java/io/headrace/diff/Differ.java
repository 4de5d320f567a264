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
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
    List<String> shared =
        after.schema().columns().stream()
            .map(Column::name)
            .filter(name -> before.schema().find(name).isPresent())
            .toList();
    String columns = names(shared);
    String order = key.isEmpty() ? columns : names(key);
    String sql =
        """
        SELECT '-' AS change, * FROM (SELECT %1$s FROM %2$s EXCEPT ALL SELECT %1$s FROM %3$s)
        UNION ALL
        SELECT '+' AS change, * FROM (SELECT %1$s FROM %3$s EXCEPT ALL SELECT %1$s FROM %2$s)
        ORDER BY %4$s, change DESC"""
            .formatted(columns, SqlNames.quote(LEFT), SqlNames.quote(RIGHT), order);
    try (Session session = workspace.engine().open(workspace.root())) {
      session.bind(LEFT, before);
      session.bind(RIGHT, after);
      return session.query(new Query.Select(sql), limit, cancel);
    }
  }

  private static String names(List<String> columns) {
    return columns.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
  }
}
