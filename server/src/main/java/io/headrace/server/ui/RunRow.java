package io.headrace.server.ui;

import io.headrace.catalog.Runs;
import io.headrace.server.text.Figures;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A run in a list.
 *
 * @param cause what asked for it, or empty
 * @param commit what it published, or empty
 */
public record RunRow(
    String id,
    String url,
    String environment,
    String state,
    When started,
    String duration,
    String commit,
    String cause) {

  static RunRow of(Visit visit, Runs.Run run) {
    return new RunRow(
        run.id(),
        Links.run(visit.project(), run.id()),
        run.environment(),
        run.state().name().toLowerCase(Locale.ROOT),
        visit.when(run.startedAt()),
        duration(run.finishedAt().map(end -> Duration.between(run.startedAt(), end))),
        run.commit().map(String::valueOf).orElse(""),
        run.cause());
  }

  static String duration(Optional<Duration> duration) {
    return duration.map(Figures::duration).orElse("");
  }
}
