package io.headrace.server.monitor;

import io.headrace.catalog.Tick;
import io.headrace.error.HeadraceException;
import io.headrace.server.alert.Alert;
import io.headrace.server.alert.AlertListener;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Route;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.RunListener;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens as JSON: an object on a line for each event, with {@code time} and {@code
 * event} first. Safe for many threads.
 */
public final class EventLog implements RunListener, Journal, AlertListener {
  private final Clock clock;
  private final Consumer<String> lines;

  /** Writes to {@code lines}, which is called by any thread. */
  public EventLog(Clock clock, Consumer<String> lines) {
    this.clock = clock;
    this.lines = lines;
  }

  /** Writes an event with its keys and values. */
  public void write(String event, Map<String, @Nullable Object> values) {
    Map<String, @Nullable Object> object = Json.object("time", clock.instant(), "event", event);
    object.putAll(values);
    lines.accept(Json.write(object));
  }

  @Override
  public void begun(ServedProject project, OngoingRun run) {
    write(
        "run_started",
        Json.object(
            "project", project.name(),
            "run", run.id(),
            "environment", run.order().environment(),
            "author", run.order().author(),
            "cause", run.order().cause()));
  }

  @Override
  public void over(ServedProject project, OngoingRun run) {
    write(
        "run_finished",
        Json.object(
            "project", project.name(),
            "run", run.id(),
            "environment", run.order().environment(),
            "state", RunMetrics.state(run),
            "commit", run.result().flatMap(result -> result.commit()),
            "seconds", run.result().map(result -> RunMetrics.seconds(result.duration())),
            "message", run.failure().map(failure -> String.valueOf(failure.getMessage()))));
  }

  @Override
  public void dealtWith(String project, Tick tick) {
    Map<String, @Nullable Object> values = Json.object("project", project);
    values.putAll(ServerJson.of(tick));
    write("tick", values);
  }

  @Override
  public void failed(String project, String schedule, HeadraceException failure) {
    write(
        "schedule_failed",
        Json.object(
            "project",
            project,
            "schedule",
            schedule.isEmpty() ? null : schedule,
            "message",
            failure.getMessage(),
            "hint",
            failure.hint()));
  }

  @Override
  public void sent(Alert alert, String channel, Optional<HeadraceException> failure) {
    Map<String, @Nullable Object> values = alert.json();
    values.remove("at");
    values.put("channel", channel);
    values.put("failure", failure.map(f -> String.valueOf(f.getMessage())));
    write(failure.isEmpty() ? "alert_sent" : "alert_failed", values);
  }

  /** The same route, whose errors are written too. */
  public Route watching(Route route) {
    return route.with(
        context -> {
          try {
            route.handler().handle(context);
          } catch (Exception e) {
            write(
                "request_failed",
                Json.object(
                    "method", context.method(),
                    "path", context.path(),
                    "message", String.valueOf(e.getMessage())));
            throw e;
          }
        });
  }
}
