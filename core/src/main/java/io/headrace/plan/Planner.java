package io.headrace.plan;

import io.headrace.catalog.CheckResults;
import io.headrace.catalog.Snapshot;
import io.headrace.error.HeadraceException;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans a run: resolves every selected task whose inputs are known. Writes nothing. */
public final class Planner {
  private final Graph graph;
  private final Snapshot base;
  private final Resolver resolver;
  private final Reasons reasons;

  public Planner(Graph graph, Snapshot base, Resolver resolver, Reasons reasons) {
    this.graph = graph;
    this.base = base;
    this.resolver = resolver;
    this.reasons = reasons;
  }

  /**
   * Makes the plan.
   *
   * @param selected the tables to bring up to date
   * @param refresh the tables to build even if their version is there
   * @throws HeadraceException if a selected table reads one that is neither selected nor in the
   *     environment
   */
  public Plan plan(Set<TableName> selected, Set<TableName> refresh, CheckResults checkResults) {
    Map<TableName, String> known = new HashMap<>();
    List<Planned> tasks = new ArrayList<>();
    for (Node node : graph.order()) {
      if (selected.contains(node.name())) {
        Planned planned = planTask(node, known, selected, refresh.contains(node.name()));
        planned.version().ifPresent(version -> known.put(node.name(), version));
        tasks.add(planned);
      } else {
        base.version(node.name()).ifPresent(version -> known.put(node.name(), version));
      }
    }
    boolean isWhole = selected.containsAll(graph.nodes().keySet());
    List<TableName> removed =
        isWhole
            ? base.versions().keySet().stream().filter(t -> graph.find(t).isEmpty()).toList()
            : List.of();
    return new Plan(graph, base, tasks, removed, unknownChecks(tasks, known, checkResults));
  }

  private Planned planTask(
      Node node, Map<TableName, String> known, Set<TableName> selected, boolean refresh) {
    for (TableName input : node.inputs()) {
      if (!known.containsKey(input)) {
        if (!selected.contains(input)) {
          throw new HeadraceException(
              "Cannot build '%s': its input '%s' is not in environment '%s'"
                  .formatted(node.name(), input, base.environment()),
              "Select it too: `+%s`".formatted(node.name()));
        }
        return build(node, reasons.ofUnknownInput(node, base, input), Optional.empty());
      }
    }
    Resolver.Resolved resolved;
    try {
      resolved = resolver.resolve(node, known);
    } catch (HeadraceException e) {
      // The rest of the plan stands. Who runs it asks again, and is told in full.
      return build(node, String.valueOf(e.getMessage()), Optional.empty());
    }
    if (refresh) {
      return build(node, "asked for with --refresh", Optional.of(resolved));
    }
    if (resolved.version().isEmpty()) {
      return build(node, reasons.ofBuild(node, base, resolved), Optional.of(resolved));
    }
    String reason =
        resolved.version().equals(base.version(node.name())) ? "unchanged" : "built before";
    return new Planned(node, Action.REUSE, reason, Optional.of(resolved), Optional.empty());
  }

  private Planned build(Node node, String reason, Optional<Resolver.Resolved> resolved) {
    Optional<Long> rows = resolver.rowsOfOtherCode(node);
    String choice = rows.map("; rebuild %,d rows, or apply forward only"::formatted).orElse("");
    return new Planned(node, Action.BUILD, reason + choice, resolved, rows);
  }

  /** The checks on what is reused that did not pass before, or whose result cannot be kept. */
  private List<CheckNode> unknownChecks(
      List<Planned> tasks, Map<TableName, String> known, CheckResults checkResults) {
    List<CheckNode> candidates = new ArrayList<>();
    for (Planned task : tasks) {
      if (task.action() == Action.REUSE) {
        task.node().checks().stream().filter(CheckNode::isLocal).forEach(candidates::add);
      }
    }
    graph.rules().stream()
        .filter(rule -> known.keySet().containsAll(rule.reads()))
        .forEach(candidates::add);
    return UnknownChecks.of(candidates, known, checkResults);
  }
}
