package io.headrace.server.json;

import io.headrace.check.CheckOutcome;
import io.headrace.rewrite.Compactor.Compacted;
import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Events and results of runs as JSON objects. */
public final class RunJson {
  private RunJson() {}

  public static Map<String, @Nullable Object> of(RunEvent event) {
    if (event instanceof RunEvent.Started e) {
      return Json.object(
          "event",
          "started",
          "run",
          e.run(),
          "environment",
          e.environment(),
          "commit",
          e.commit(),
          "tasks",
          e.tasks(),
          "to_build",
          e.toBuild());
    }
    if (event instanceof RunEvent.TaskStarted e) {
      return Json.object("event", "task_started", "table", e.table(), "reason", e.reason());
    }
    if (event instanceof RunEvent.TaskWaiting e) {
      return Json.object("event", "task_waiting", "table", e.table());
    }
    if (event instanceof RunEvent.TaskRetried e) {
      return Json.object(
          "event",
          "task_retried",
          "table",
          e.table(),
          "attempt",
          e.attempt(),
          "message",
          e.message());
    }
    if (event instanceof RunEvent.PartFinished e) {
      return Json.object(
          "event",
          "part_finished",
          "table",
          e.table(),
          "done",
          e.done(),
          "reused",
          e.reused(),
          "total",
          e.total(),
          "rows",
          e.rows());
    }
    if (event instanceof RunEvent.TaskFinished e) {
      Map<String, @Nullable Object> task = task(e.outcome());
      Map<String, @Nullable Object> object = Json.object("event", "task_finished");
      object.putAll(task);
      return object;
    }
    if (event instanceof RunEvent.CheckFinished e) {
      Map<String, @Nullable Object> object = Json.object("event", "check_finished");
      object.putAll(check(e.outcome()));
      return object;
    }
    if (event instanceof RunEvent.Conflicted e) {
      return Json.object("event", "conflicted", "message", e.message());
    }
    if (event instanceof RunEvent.Compacted e) {
      Map<String, @Nullable Object> object = Json.object("event", "compacted");
      object.putAll(compacted(e.compacted(), false));
      return object;
    }
    if (event instanceof RunEvent.NotCompacted e) {
      return Json.object("event", "not_compacted", "table", e.table(), "message", e.message());
    }
    RunResult result = ((RunEvent.Finished) event).result();
    return Json.object("event", "finished", "run", result.run(), "state", state(result));
  }

  /** What a run ends with. */
  public static Map<String, @Nullable Object> summary(
      RunResult result, SortedMap<TableName, RejectedRows> rejected) {
    List<Object> failures =
        result.tasks(Kind.FAILED).stream().map(task -> (Object) task(task)).toList();
    List<Object> failedChecks =
        result.checks().stream().filter(c -> !c.passed()).map(c -> (Object) check(c)).toList();
    return Json.object(
        "run", result.run(),
        "environment", result.environment(),
        "state", state(result),
        "built", names(result, Kind.BUILT, Kind.SAME),
        "unchanged", names(result, Kind.SAME),
        "reused", names(result, Kind.REUSED),
        "failed", names(result, Kind.FAILED),
        "skipped", names(result, Kind.SKIPPED),
        "removed", result.removed(),
        "rejected_rows", RejectedRows.json(rejected),
        "failures", failures,
        "failed_checks", failedChecks,
        "commit", result.commit(),
        "seconds", result.duration().toMillis() / 1000.0);
  }

  public static Map<String, @Nullable Object> check(CheckOutcome outcome) {
    return Json.object(
        "check", outcome.check().name(),
        "table", outcome.check().table(),
        "severity", outcome.check().severity().name().toLowerCase(Locale.ROOT),
        "passed", outcome.passed(),
        "failures", outcome.failures(),
        "message", outcome.message());
  }

  private static Map<String, @Nullable Object> task(TaskOutcome outcome) {
    boolean isReused = outcome.kind() == Kind.REUSED;
    return Json.object(
        "table", outcome.table(),
        "outcome", outcome.kind(),
        "version", outcome.version(),
        "rows", isReused ? null : outcome.rowCount(),
        "bytes", isReused ? null : outcome.sizeBytes(),
        "seconds", outcome.duration().toMillis() / 1000.0,
        "message", outcome.message(),
        "hint", outcome.hint());
  }

  private static List<String> names(RunResult result, Kind... kinds) {
    return result.tasks().stream()
        .filter(task -> List.of(kinds).contains(task.kind()))
        .map(task -> task.table().toString())
        .toList();
  }

  /** The word for how a run ended. */
  public static String state(RunResult result) {
    return result.state().name().toLowerCase(Locale.ROOT);
  }

  /** As the event of a run has it too. */
  public static Map<String, @Nullable Object> compacted(Compacted compacted, boolean dryRun) {
    return Json.object(
        "table", compacted.table(),
        "version", compacted.version(),
        "files_before", compacted.filesBefore(),
        "files_after", compacted.filesAfter(),
        "bytes_before", compacted.bytesBefore(),
        "bytes_after", dryRun ? null : compacted.bytesAfter());
  }
}
