package io.headrace.server.ui;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.CheckResults.CheckResult;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.check.Check.Tolerance;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.server.ui.TableState.LastTask;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out how tables stand, with few questions to the catalog however many tables there are. */
final class TableStates {
  /** Runs that are looked through for the last outcome of each table. */
  private static final int MOST_RUNS = 20;

  /** Outcomes that are looked through, since each of those runs may have ten thousand. */
  private static final int MOST_TASKS = 20_000;

  private final Catalog catalog;
  private final Optional<Graph> graph;
  private final Snapshot snapshot;

  TableStates(Catalog catalog, Optional<Graph> graph, Snapshot snapshot) {
    this.catalog = catalog;
    this.graph = graph;
    this.snapshot = snapshot;
  }

  /** How each of the tables stands, in their order. */
  List<TableState> of(Collection<TableName> tables) {
    List<String> ids =
        tables.stream().flatMap(table -> snapshot.version(table).stream()).distinct().toList();
    Map<String, Version> versions = catalog.versions().findAll(ids);
    Map<TableName, LastTask> last = lastTasks(new HashSet<>(tables));
    Map<CheckNode, Boolean> results = results(tables);
    List<TableState> states = new ArrayList<>();
    for (TableName table : tables) {
      Optional<Node> node = graph.flatMap(g -> g.find(table));
      states.add(
          new TableState(
              table,
              node,
              snapshot.version(table).flatMap(id -> Optional.ofNullable(versions.get(id))),
              Optional.ofNullable(last.get(table)),
              node.map(n -> tally(n.checks(), results)).orElse(CheckTally.NONE)));
    }
    return states;
  }

  private Map<TableName, LastTask> lastTasks(Set<TableName> tables) {
    Map<TableName, LastTask> last = new HashMap<>();
    int seen = 0;
    for (Runs.Run run : catalog.runs().list(MOST_RUNS)) {
      boolean isOver = run.state() != Runs.State.RUNNING;
      if (!run.environment().equals(snapshot.environment()) || !isOver) {
        continue;
      }
      for (Runs.TaskRun task : catalog.runs().tasks(run.id())) {
        seen++;
        if (tables.contains(task.table())) {
          last.putIfAbsent(task.table(), new LastTask(run.id(), task.outcome(), task.message()));
        }
      }
      if (last.size() == tables.size() || seen > MOST_TASKS) {
        break;
      }
    }
    return last;
  }

  private Map<CheckNode, Boolean> results(Collection<TableName> tables) {
    List<CheckNode> checks = new ArrayList<>();
    for (TableName table : tables) {
      graph.flatMap(g -> g.find(table)).ifPresent(node -> checks.addAll(node.checks()));
    }
    return results(catalog, checks, snapshot.versions());
  }

  /**
   * What is known of checks: whether each holds.
   *
   * @param versions version by table; a check that reads others is left out
   */
  static Map<CheckNode, Boolean> results(
      Catalog catalog, Collection<CheckNode> checks, Map<TableName, String> versions) {
    Map<CheckNode, String> fingerprints = new HashMap<>();
    for (CheckNode check : checks) {
      if (check.isRepeatable() && versions.keySet().containsAll(check.reads())) {
        fingerprints.put(check, Recipes.fingerprint(check, versions));
      }
    }
    Map<String, CheckResult> known =
        fingerprints.isEmpty() ? Map.of() : catalog.checkResults().findAll(fingerprints.values());
    Map<CheckNode, Boolean> results = new HashMap<>();
    fingerprints.forEach(
        (check, fingerprint) ->
            Optional.ofNullable(known.get(fingerprint))
                .ifPresent(result -> results.put(check, holds(check, result))));
    return results;
  }

  /** A warning that was told is settled, but does not hold. */
  private static boolean holds(CheckNode check, CheckResult result) {
    Tolerance tolerance = check.check().tolerance();
    return result.passed() && (result.failures() <= tolerance.rows() || tolerance.fraction() > 0);
  }

  private static CheckTally tally(List<CheckNode> checks, Map<CheckNode, Boolean> results) {
    int passed = 0;
    int failed = 0;
    for (CheckNode check : checks) {
      Boolean result = results.get(check);
      passed += result != null && result ? 1 : 0;
      failed += result != null && !result ? 1 : 0;
    }
    return new CheckTally(passed, failed, checks.size() - passed - failed);
  }
}
