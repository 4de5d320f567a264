package io.headrace.lineage;

import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ColumnReference;
import io.headrace.error.HeadraceException;
import io.headrace.fanout.Items;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.plan.Queries;
import io.headrace.plan.Schemas;
import io.headrace.project.Task;
import io.headrace.table.KeyRule;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Follows columns through the queries of a project, from a table back to its sources. */
public final class Lineage {
  private final Workspace workspace;
  private final Graph graph;
  private final Schemas schemas;
  private final Map<TableName, SortedMap<String, Set<ColumnReference>>> known = new HashMap<>();

  /** Lineage of a project, whose schemas {@code schemas} knows. */
  public Lineage(Workspace workspace, Graph graph, Schemas schemas) {
    this.workspace = workspace;
    this.graph = graph;
    this.schemas = schemas;
  }

  /**
   * One step: a column, and the columns that it is computed from.
   *
   * @param depth how many steps it is away from where one started
   */
  public record Step(TableName table, String column, Set<ColumnReference> from, int depth) {}

  /** The columns of a table, each with those that it is computed from; empty sets for raw data. */
  public SortedMap<String, Set<ColumnReference>> columns(TableName table) {
    SortedMap<String, Set<ColumnReference>> columns = known.get(table);
    if (columns == null) {
      columns = compute(table);
      known.put(table, columns);
    }
    return columns;
  }

  /** All steps from a column back to raw data, each column once. */
  public List<Step> trace(TableName table, String column) {
    List<Step> steps = new ArrayList<>();
    follow(table, column, 0, new LinkedHashSet<>(), steps);
    return steps;
  }

  private void follow(
      TableName table, String column, int depth, Set<String> seen, List<Step> steps) {
    if (!seen.add(table + "." + column)) {
      return;
    }
    Set<ColumnReference> from = columns(table).getOrDefault(column, new TreeSet<>());
    steps.add(new Step(table, column, from, depth));
    for (ColumnReference reference : from) {
      follow(TableName.parse(reference.table()), reference.column(), depth + 1, seen, steps);
    }
  }

  private SortedMap<String, Set<ColumnReference>> compute(TableName table) {
    Node node =
        graph
            .find(table)
            .orElseThrow(() -> new HeadraceException("Unknown table '%s'".formatted(table), ""));
    if (!(node.task().body() instanceof Task.Sql)) {
      SortedMap<String, Set<ColumnReference>> raw = new TreeMap<>();
      schemas.of(table).columns().forEach(column -> raw.put(column.name(), new TreeSet<>()));
      return raw;
    }
    try (Session session = workspace.engine().open(workspace.root())) {
      node.inputs().forEach(input -> session.bindEmpty(input, schemas.of(input)));
      if (node.fanout().isEmpty()) {
        return withHistory(node, session.lineage(Queries.rows(node, List.of())));
      }
      Node item = Items.describe(node, session).template().node();
      SortedMap<String, Set<ColumnReference>> columns =
          session.lineage(new Query.Select(item.sql()));
      columns.putAll(session.lineage(new Query.Select(node.fanout().get().sql())));
      return columns;
    }
  }

  /** The columns that a history adds come from the one that orders its rows. */
  private static SortedMap<String, Set<ColumnReference>> withHistory(
      Node node, SortedMap<String, Set<ColumnReference>> columns) {
    Optional<KeyRule> rule =
        node.task().configuration().incremental().flatMap(Task.Incremental::rule);
    if (rule.isPresent() && rule.get().kind() == KeyRule.Kind.HISTORY) {
      Set<ColumnReference> order =
          columns.getOrDefault(rule.get().latestBy().get(0), new TreeSet<>());
      for (String added : List.of(KeyRule.VALID_FROM, KeyRule.VALID_TO, KeyRule.IS_CURRENT)) {
        columns.putIfAbsent(added, order);
      }
    }
    return columns;
  }
}
