package io.headrace.run;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.engine.Session;
import io.headrace.plan.Plan;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What all that carries one plan out has in common.
 *
 * @param session in which the inputs of tasks are bound
 * @param limits of tasks that set none
 * @param refresh the tables for which a version that is there does not count
 * @param backfill of one of them, if only some of its partitions are computed
 */
record RunContext(
    Workspace workspace,
    Plan plan,
    Session session,
    Slots slots,
    LeaseKeeper leases,
    Attempts attempts,
    Pause pause,
    Execution.Limits limits,
    Set<TableName> refresh,
    Optional<Backfill> backfill,
    Consumer<RunEvent> events,
    Cancellation cancel) {
  RunContext {
    refresh = Set.copyOf(refresh);
  }
}
