package io.headrace.plan;

import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.table.Column;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Says which columns a plan would add, remove or change, without building anything. */
public final class ColumnChanges {
  /** Describing takes milliseconds a query; a plan that builds more than this says less. */
  private static final int MOST_DESCRIBED = 200;

  private ColumnChanges() {}

  /**
   * The changes of each table that is there and would be built, in words: {@code + day date},
   * {@code - day date}, {@code ~ n int -> long}. A table whose query is wrong has the error
   * instead.
   */
  public static SortedMap<TableName, List<String>> of(Workspace workspace, Plan plan) {
    SortedMap<TableName, List<String>> changes = new TreeMap<>();
    List<TableName> rebuilt =
        plan.tasks().stream()
            .filter(task -> task.action() == Action.BUILD)
            .map(Planned::node)
            .map(node -> node.name())
            .filter(table -> plan.base().version(table).isPresent())
            .limit(MOST_DESCRIBED)
            .toList();
    if (rebuilt.isEmpty()) {
      return changes;
    }
    try (Schemas schemas = new Schemas(workspace, plan.graph())) {
      for (TableName table : rebuilt) {
        Optional<Version> version =
            plan.base().version(table).flatMap(workspace.catalog().versions()::find);
        try {
          if (version.isPresent()) {
            TableSchema before = workspace.tables().schema(version.get().metadataLocation());
            changes.put(table, between(before, schemas.of(table)));
          }
        } catch (HeadraceException e) {
          changes.put(table, List.of("? " + e.getMessage()));
        }
      }
    }
    return changes;
  }

  /** How two schemas differ. */
  public static List<String> between(TableSchema before, TableSchema after) {
    List<String> changes = new ArrayList<>();
    for (Column column : after.columns()) {
      Optional<Column> old = before.find(column.name());
      if (old.isEmpty()) {
        changes.add("+ %s %s".formatted(column.name(), column.type()));
      } else if (!old.get().type().toString().equals(column.type().toString())) {
        changes.add("~ %s %s -> %s".formatted(column.name(), old.get().type(), column.type()));
      }
    }
    for (Column column : before.columns()) {
      if (after.find(column.name()).isEmpty()) {
        changes.add("- %s %s".formatted(column.name(), column.type()));
      }
    }
    return changes;
  }
}
