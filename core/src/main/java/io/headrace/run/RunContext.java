package io.headrace.run;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.Pause;
import io.headrace.engine.Session;
import io.headrace.graph.Node;
import io.headrace.plan.Plan;
import io.headrace.project.Limits;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What all that carries one plan out has in common.
 *
 * @param run its name
 * @param versions that it reads
 * @param session of the engine, in which the inputs of tasks are bound
 * @param defaults what tasks may take that do not say it
 * @param mayRetry whether a build that failed is tried again here
 * @param refresh the tables for which a version that is there does not count
 * @param backfill of one of them, if only some of its partitions are computed
 */
record RunContext(
    String run,
    Workspace workspace,
    Plan plan,
    LoadedVersions versions,
    Engine engine,
    Session session,
    Slots slots,
    LeaseKeeper leases,
    Attempts attempts,
    Pause pause,
    Limits defaults,
    boolean mayRetry,
    Set<TableName> refresh,
    Optional<Backfill> backfill,
    Consumer<RunEvent> events,
    Cancellation cancel) {
  RunContext {
    refresh = Set.copyOf(refresh);
  }

  /** The same with another engine, for one attempt of a task. */
  RunContext once(Engine other, Session its, Consumer<RunEvent> told) {
    return new RunContext(
        run, workspace, plan, versions, other, its, slots, leases, attempts, pause, defaults, false,
        refresh, backfill, told, cancel);
  }

  /** What a task may take. */
  Limits limits(Node node) {
    return node.task().configuration().limits().or(defaults);
  }

  /** How often a build of a task that failed is tried again. */
  int retries(Node node) {
    return mayRetry ? limits(node).retries().orElse(0) : 0;
  }
}
