package io.headrace.server.json;

import io.headrace.access.AuditLog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Version;
import io.headrace.export.ExportOutcome;
import io.headrace.query.Profile.ColumnProfile;
import io.headrace.schedule.Cron;
import io.headrace.schedule.Every;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger.Follow;
import io.headrace.yaml.Durations;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a catalog remembers, as JSON objects. */
public final class ServerJson {
  private ServerJson() {}

  /**
   * An environment.
   *
   * @param tables how many it has
   */
  public static Map<String, @Nullable Object> of(Environment environment, int tables) {
    return Json.object(
        "name", environment.name(),
        "commit", environment.head(),
        "tables", tables,
        "forked_from", environment.forkedFrom());
  }

  public static Map<String, @Nullable Object> of(Version version) {
    return Json.object(
        "table", version.table(),
        "rows", version.rowCount(),
        "bytes", version.sizeBytes(),
        "version", version.id(),
        "metadata", version.metadataLocation(),
        "built", version.createdAt(),
        "run", version.run());
  }

  public static Map<String, @Nullable Object> of(ColumnProfile column) {
    return Json.object(
        "name", column.name(),
        "type", column.type(),
        "nulls", column.nulls(),
        "distinct", column.distinct(),
        "least", column.least(),
        "greatest", column.greatest());
  }

  /**
   * A commit.
   *
   * @param changes how many tables it moved
   */
  public static Map<String, @Nullable Object> of(Commit commit, int changes) {
    return Json.object(
        "commit", commit.id(),
        "environment", commit.environment(),
        "parent", commit.parent(),
        "author", commit.author(),
        "at", commit.at(),
        "run", commit.run(),
        "tables", changes,
        "message", commit.message());
  }

  public static Map<String, @Nullable Object> of(Run run) {
    return Json.object(
        "run", run.id(),
        "environment", run.environment(),
        "state", run.state().name().toLowerCase(Locale.ROOT),
        "started", run.startedAt(),
        "finished", run.finishedAt(),
        "commit", run.commit(),
        "cause", run.cause());
  }

  /** A schedule, and how far it has come. */
  public static Map<String, @Nullable Object> of(Schedule schedule, Standing standing) {
    boolean isPaused = standing.paused().isPresent();
    return Json.object(
        "schedule", schedule.name(),
        "description", schedule.description(),
        "trigger", trigger(schedule),
        "select", schedule.select(),
        "environment", schedule.environment(),
        "parameters", schedule.parameters(),
        "catch_up", schedule.catchUp().name().toLowerCase(Locale.ROOT),
        "pool", schedule.pool(),
        "priority", schedule.priority(),
        "paused", isPaused,
        "paused_by", standing.paused().map(pause -> pause.by()),
        "next", isPaused ? null : schedule.next(standing.after()),
        "last", standing.last().map(ServerJson::of));
  }

  /** When a schedule is due, in words as in its file. */
  public static String trigger(Schedule schedule) {
    if (schedule.trigger() instanceof Cron cron) {
      return "cron: " + cron;
    }
    if (schedule.trigger() instanceof Every every) {
      return "every: " + Durations.format(every.period());
    }
    return "follow: " + Durations.format(((Follow) schedule.trigger()).interval());
  }

  public static Map<String, @Nullable Object> of(Tick tick) {
    return Json.object(
        "schedule", tick.schedule(),
        "due", tick.due(),
        "state", tick.state().name().toLowerCase(Locale.ROOT),
        "missed", tick.missed(),
        "attempt", tick.attempt(),
        "run", tick.run(),
        "started", tick.startedAt(),
        "finished", tick.finishedAt(),
        "message", tick.message());
  }

  public static Map<String, @Nullable Object> of(AuditLog.Entry entry) {
    return Json.object(
        "at", entry.at(),
        "who", entry.who(),
        "address", entry.address(),
        "action", entry.action(),
        "project", entry.project(),
        "environment", entry.environment(),
        "subject", entry.subject(),
        "outcome", entry.concluded());
  }

  public static Map<String, @Nullable Object> of(ExportOutcome outcome) {
    boolean isFailed = outcome.kind() == ExportOutcome.Kind.FAILED;
    return Json.object(
        "export", outcome.export().name(),
        "table", outcome.export().table(),
        "environment", outcome.export().environment(),
        "to", outcome.export().destination(),
        "outcome", outcome.kind(),
        "version", outcome.version(),
        "rows", isFailed ? null : outcome.rows(),
        "seconds", outcome.duration().toMillis() / 1000.0,
        "message", outcome.message(),
        "hint", outcome.hint());
  }
}
