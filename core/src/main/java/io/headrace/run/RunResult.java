package io.headrace.run;

import io.headrace.catalog.Runs;
import io.headrace.check.CheckOutcome;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param tasks outcome of each selected task, each after its inputs
 * @param checks outcome of each check that was asked
 * @param removed tables that were taken out of the environment
 * @param commit what was published, if anything was
 */
public record RunResult(
    String run,
    String environment,
    Runs.State state,
    List<TaskOutcome> tasks,
    List<CheckOutcome> checks,
    List<TableName> removed,
    Optional<Long> commit,
    Duration duration) {
  public RunResult {
    tasks = List.copyOf(tasks);
    checks = List.copyOf(checks);
    removed = List.copyOf(removed);
  }

  /** The outcomes of one kind. */
  public List<TaskOutcome> tasks(TaskOutcome.Kind kind) {
    return tasks.stream().filter(task -> task.kind() == kind).toList();
  }

  public boolean isGood() {
    return state == Runs.State.PUBLISHED || state == Runs.State.UNCHANGED;
  }
}
