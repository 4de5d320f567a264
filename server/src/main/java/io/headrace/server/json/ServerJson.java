package io.headrace.server.json;

import io.headrace.access.AuditLog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Version;
import io.headrace.export.ExportOutcome;
import io.headrace.query.Profile.ColumnProfile;
import io.headrace.schedule.Cron;
import io.headrace.schedule.Every;
import io.headrace.schedule.OnDays;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.schedule.Trigger.Follow;
import io.headrace.schedule.Trigger.OnRequest;
import io.headrace.schedule.Trigger.OnRevision;
import io.headrace.schedule.Trigger.OnTables;
import io.headrace.schedule.Watch;
import io.headrace.trigger.Verdict;
import io.headrace.yaml.Durations;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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

  /**
   * A schedule, and how far it has come.
   *
   * @param verdict what is to be done about it now
   */
  public static Map<String, @Nullable Object> of(
      Schedule schedule, Standing standing, Verdict verdict) {
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
        "objective", schedule.objective().map(Durations::format),
        "paused", isPaused,
        "paused_by", standing.paused().map(pause -> pause.by()),
        "next", isPaused ? null : next(schedule, standing, verdict),
        "waits", verdict instanceof Verdict.Waits waits ? of(waits) : null,
        "last", standing.last().map(ServerJson::of));
  }

  private static Map<String, @Nullable Object> of(Verdict.Waits waits) {
    return Json.object("due", waits.due(), "for", waits.lacks(), "until", waits.until());
  }

  /** When a schedule is due next, if nothing happens before that. */
  public static Optional<Instant> next(Schedule schedule, Standing standing, Verdict verdict) {
    return verdict instanceof Verdict.Idle idle ? idle.next() : schedule.next(standing.after());
  }

  /** When a schedule is due, in words as in its file. */
  public static String trigger(Schedule schedule) {
    return trigger(schedule.trigger());
  }

  private static String trigger(Trigger trigger) {
    if (trigger instanceof Cron cron) {
      return "cron: " + cron;
    }
    if (trigger instanceof Every every) {
      return "every: " + Durations.format(every.period());
    }
    if (trigger instanceof OnDays days) {
      return "%s, but on %d days".formatted(trigger(days.times()), days.holidays().size());
    }
    if (trigger instanceof OnTables on) {
      return "on: " + on.watches().stream().map(Watch::text).collect(Collectors.joining(" or "));
    }
    if (trigger instanceof OnRevision on) {
      return "on: commit " + on.commit();
    }
    if (trigger instanceof OnRequest) {
      return "on: webhook";
    }
    return "follow: " + Durations.format(((Follow) trigger).interval());
  }

  public static Map<String, @Nullable Object> of(Tick tick) {
    return Json.object(
        "schedule", tick.schedule(),
        "tick", tick.number(),
        "due", tick.due(),
        "state", tick.state().name().toLowerCase(Locale.ROOT),
        "missed", tick.missed(),
        "attempt", tick.attempt(),
        "parameters", tick.occasion().parameters(),
        "lacks", tick.occasion().lacks(),
        "run", tick.run(),
        "started", tick.startedAt(),
        "finished", tick.finishedAt(),
        "message", tick.message());
  }

  /** What somebody asked for. */
  public static Map<String, @Nullable Object> of(Request request) {
    return Json.object(
        "request", request.id(),
        "schedule", request.asked().schedule(),
        "parameters", request.asked().parameters(),
        "key", request.asked().key(),
        "asked_by", request.asked().by(),
        "asked", request.asked().at(),
        "tick", request.tick());
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
