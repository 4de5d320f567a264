package io.headrace.server.alert;

import io.headrace.anomaly.Expectation;
import io.headrace.catalog.Tick;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.project.Settings;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.text.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks whether runs of schedules take longer than they mostly do, or than they may, or will. What
 * took too long is over when the next run that goes well did not. Used by one thread.
 */
final class DurationWatch {
  private final ServedProject project;
  private final StateAlerts states;
  private final RunForecast forecast;

  DurationWatch(ServedProject project, StateAlerts states) {
    this.project = project;
    this.states = states;
    this.forecast = new RunForecast(project);
  }

  void look(Settings settings) {
    boolean isSlowWanted = StateAlerts.isWanted(settings, Kind.SLOW);
    for (Schedule schedule : settings.schedules().values()) {
      boolean isOver = !(schedule.trigger() instanceof Trigger.Follow);
      if (isOver && (isSlowWanted || schedule.objective().isPresent())) {
        look(settings, schedule, isSlowWanted);
      }
    }
  }

  private void look(Settings settings, Schedule schedule, boolean isSlowWanted) {
    Instant now = project.workspace().clock().instant();
    String subject = "duration of schedule " + schedule.name();
    TickHistory history = TickHistory.of(project.workspace().catalog(), schedule.name());
    List<Tick> ticks =
        Stream.of(history.open(), history.lastGood()).flatMap(Optional::stream).toList();
    if (isSlowWanted) {
      Optional<String> slow =
          ticks.stream()
              .map(tick -> slow(tick, history, now))
              .flatMap(Optional::stream)
              .findFirst();
      states.tell(settings, Kind.SLOW, subject, slow, false);
    }
    if (schedule.objective().isPresent()) {
      Duration allowed = schedule.objective().get();
      Optional<String> breached =
          ticks.stream()
              .filter(tick -> TickHistory.duration(tick, now).compareTo(allowed) > 0)
              .map(
                  tick ->
                      "%s, where %s are allowed"
                          .formatted(words(tick, now), Figures.duration(allowed)))
              .findFirst();
      Optional<String> atRisk =
          breached.isPresent()
              ? Optional.empty()
              : history.open().flatMap(tick -> atRisk(tick, history, allowed, now));
      states.tell(settings, Kind.BREACHED, subject, breached, false);
      states.tell(settings, Kind.AT_RISK, subject, atRisk, breached.isPresent());
    }
  }

  private static Optional<String> slow(Tick tick, TickHistory history, Instant now) {
    Optional<Expectation> expected = history.expected(tick);
    double seconds = TickHistory.duration(tick, now).toMillis() / 1000.0;
    return expected
        .filter(e -> seconds > e.most())
        .map(
            e ->
                "%s, where up to %s were expected (from %d runs)"
                    .formatted(
                        words(tick, now),
                        Figures.duration(Duration.ofSeconds(Math.round(e.most()))),
                        e.observations()));
  }

  private Optional<String> atRisk(Tick tick, TickHistory history, Duration allowed, Instant now) {
    Duration elapsed = TickHistory.duration(tick, now);
    return forecast
        .remaining(tick, history, now)
        .filter(remaining -> elapsed.plus(remaining).compareTo(allowed) > 0)
        .map(
            remaining ->
                "%s, and likely to take %s more, where %s are allowed"
                    .formatted(
                        words(tick, now), Figures.duration(remaining), Figures.duration(allowed)));
  }

  private static String words(Tick tick, Instant now) {
    String so = Figures.duration(TickHistory.duration(tick, now));
    return tick.finishedAt().isPresent()
        ? "the run of %s took %s".formatted(tick.due(), so)
        : "the run of %s goes on for %s".formatted(tick.due(), so);
  }
}
