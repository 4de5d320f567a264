package io.headrace.server.ui;

import io.headrace.catalog.Runs.TaskRun;
import io.headrace.check.CheckOutcome;
import io.headrace.run.RunEvent;
import io.headrace.run.TaskOutcome;
import io.headrace.server.access.Sight;
import io.headrace.server.text.Figures;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of the tasks of a run so far. */
final class RunTasks {
  private static final String REUSED = "reused";

  private final Map<TableName, Progress> tasks = new LinkedHashMap<>();
  private final List<CheckOutcome> failedChecks = new ArrayList<>();

  private RunTasks() {}

  /**
   * What became of one task.
   *
   * @param outcome also {@code building}, {@code waiting} and {@code retrying}
   * @param duration empty while it goes on
   * @param message why it is built, why it failed, or how far it is
   */
  record Progress(
      String name,
      String outcome,
      String rows,
      String size,
      Optional<Duration> duration,
      String message) {}

  /** From what happened in a run that this server carries out. */
  static RunTasks of(List<RunEvent> events) {
    RunTasks tasks = new RunTasks();
    events.forEach(tasks::add);
    return tasks;
  }

  /** What is left of it for somebody: texts can hold names and values of any table. */
  RunTasks narrow(Sight sight, String environment) {
    if (sight.seesAllRows(environment)) {
      return this;
    }
    RunTasks less = new RunTasks();
    tasks.forEach(
        (table, task) -> {
          if (sight.sees(environment, table)) {
            less.tasks.put(
                table,
                new Progress(
                    task.name(), task.outcome(), task.rows(), task.size(), task.duration(), ""));
          }
        });
    return less;
  }

  /** From what the catalog remembers. */
  static RunTasks recorded(List<TaskRun> recorded) {
    RunTasks tasks = new RunTasks();
    for (TaskRun task : recorded) {
      boolean hasRows = task.outcome().equals("built") || task.outcome().equals("same");
      tasks.tasks.put(
          task.table(),
          new Progress(
              task.table().toString(),
              task.outcome(),
              hasRows ? Figures.number(task.rowCount()) : "",
              hasRows ? Figures.bytes(task.sizeBytes()) : "",
              Optional.of(task.duration()),
              task.message()));
    }
    return tasks;
  }

  private void add(RunEvent event) {
    if (event instanceof RunEvent.TaskStarted e) {
      going(e.table(), "building", e.reason());
    } else if (event instanceof RunEvent.TaskWaiting e) {
      going(e.table(), "waiting", "another process builds it");
    } else if (event instanceof RunEvent.TaskRetried e) {
      going(e.table(), "retrying", "attempt %d failed: %s".formatted(e.attempt(), e.message()));
    } else if (event instanceof RunEvent.PartFinished e) {
      going(e.table(), "building", "%,d of %,d parts".formatted(e.done(), e.total()));
    } else if (event instanceof RunEvent.TaskFinished e) {
      tasks.put(e.outcome().table(), finished(e.outcome()));
    } else if (event instanceof RunEvent.CheckFinished e && !e.outcome().passed()) {
      failedChecks.add(e.outcome());
    }
  }

  private void going(TableName table, String outcome, String message) {
    tasks.put(table, new Progress(table.toString(), outcome, "", "", Optional.empty(), message));
  }

  private static Progress finished(TaskOutcome outcome) {
    boolean hasRows = outcome.isGood() && outcome.kind() != TaskOutcome.Kind.REUSED;
    String hint = outcome.hint().isEmpty() ? "" : ". " + outcome.hint();
    return new Progress(
        outcome.table().toString(),
        outcome.kind().toString(),
        hasRows ? Figures.number(outcome.rowCount()) : "",
        hasRows ? Figures.bytes(outcome.sizeBytes()) : "",
        Optional.of(outcome.duration()),
        outcome.message() + hint);
  }

  /** The tasks that are more than reused, in the order in which they were heard of. */
  List<Progress> shown() {
    return tasks.values().stream().filter(task -> !task.outcome().equals(REUSED)).toList();
  }

  List<CheckOutcome> failedChecks() {
    return failedChecks;
  }

  /** How many there are of each outcome, in words. */
  String counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    tasks.values().forEach(task -> counts.merge(task.outcome(), 1, Integer::sum));
    List<String> words = new ArrayList<>();
    counts.forEach((outcome, count) -> words.add("%,d %s".formatted(count, outcome)));
    return String.join(", ", words);
  }
}
