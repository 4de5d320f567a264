package io.headrace.server.monitor;

import io.headrace.catalog.Tick;
import io.headrace.error.HeadraceException;
import io.headrace.server.schedule.Journal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** Counts ticks. */
final class TickMetrics implements Journal {
  private static final double[] DELAYS = {0.1, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400};

  private final MeterProvider<Counter> ticks;
  private final MeterProvider<Counter> missed;
  private final MeterProvider<Timer> delays;
  private final MeterProvider<Counter> failures;

  TickMetrics(MeterRegistry registry) {
    ticks =
        Counter.builder("headrace.ticks")
            .description("Ticks of schedules that were dealt with")
            .withRegistry(registry);
    missed =
        Counter.builder("headrace.ticks.missed")
            .description("Ticks of schedules that were not run")
            .withRegistry(registry);
    delays =
        Timer.builder("headrace.tick.delay")
            .description("How long after they could be run ticks began")
            .serviceLevelObjectives(RunMetrics.durations(DELAYS))
            .withRegistry(registry);
    failures =
        Counter.builder("headrace.schedule.failures")
            .description(
                "Times that a schedule could not be kept; without a name, all of the project")
            .withRegistry(registry);
  }

  @Override
  public void dealtWith(String project, Tick tick) {
    if (tick.state() == Tick.State.RUNNING) {
      return;
    }
    String state = tick.state().name().toLowerCase(Locale.ROOT);
    String schedule = tick.schedule();
    ticks.withTags("project", project, "schedule", schedule, "state", state).increment();
    boolean wasRun = tick.state().isOfRun();
    missed
        .withTags("project", project, "schedule", schedule)
        .increment((double) tick.missed() + (wasRun ? 0 : 1));
    if (wasRun) {
      Duration delay = Duration.between(tick.occasion().ready(), tick.startedAt());
      delays.withTags("project", project).record(delay.isNegative() ? Duration.ZERO : delay);
    }
  }

  @Override
  public void failed(String project, String schedule, HeadraceException failure) {
    failures.withTags("project", project, "schedule", schedule).increment();
  }
}
