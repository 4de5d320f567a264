package io.headrace.plan;

import io.headrace.catalog.Snapshot;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run would do.
 *
 * @param base the pointers that it starts from
 * @param tasks the selected tasks, each after its inputs
 * @param removed the tables of the environment that the project no longer makes
 * @param checks the checks of reused versions that are not known to pass
 */
public record Plan(
    Graph graph,
    Snapshot base,
    List<Planned> tasks,
    List<TableName> removed,
    List<CheckNode> checks) {
  public Plan {
    tasks = List.copyOf(tasks);
    removed = List.copyOf(removed);
    checks = List.copyOf(checks);
  }

  /** What is done with a task. */
  public enum Action {
    BUILD,
    REUSE
  }

  /**
   * What would be done with one task.
   *
   * @param reason why, in words
   * @param resolved its fingerprint and version, as far as its inputs are known
   * @param rowsOfOtherCode of an incremental table whose code changed: how many rows are there, if
   *     nobody decided whether they are made again or stay
   */
  public record Planned(
      Node node,
      Action action,
      String reason,
      Optional<Resolver.Resolved> resolved,
      Optional<Long> rowsOfOtherCode) {

    /** The version that is reused. */
    public Optional<String> version() {
      return action == Action.REUSE
          ? resolved.flatMap(Resolver.Resolved::version)
          : Optional.empty();
    }
  }

  /** The tasks that cannot be built before somebody decides what becomes of the rows there. */
  public List<Planned> undecided() {
    Set<TableName> open =
        tasks.stream()
            .filter(task -> task.rowsOfOtherCode().isPresent())
            .map(task -> task.node().name())
            .collect(Collectors.toSet());
    return tasks.stream()
        .filter(task -> open.contains(task.node().name()))
        .filter(task -> !(task.node().task().isOfRejected() && hasOtherHalf(task, open)))
        .toList();
  }

  /** Then it is decided with that. */
  private boolean hasOtherHalf(Planned task, Set<TableName> open) {
    return graph.half(task.node().name()).filter(open::contains).isPresent();
  }

  /** How many tasks would be built. */
  public long builds() {
    return tasks.stream().filter(task -> task.action() == Action.BUILD).count();
  }

  /** Whether a run would change nothing. */
  public boolean isUpToDate() {
    return builds() == 0
        && removed.isEmpty()
        && checks.isEmpty()
        && tasks.stream().allMatch(task -> task.version().equals(base.version(task.node().name())));
  }

  /** The versions that are known: of reused tasks, and at the base of those not selected. */
  public Map<TableName, String> knownVersions() {
    Map<TableName, String> known = new java.util.HashMap<>(base.versions());
    for (Planned task : tasks) {
      known.remove(task.node().name());
      task.version().ifPresent(version -> known.put(task.node().name(), version));
    }
    return known;
  }
}
