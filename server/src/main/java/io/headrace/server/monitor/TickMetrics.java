package io.headrace.server.monitor;

import io.headrace.catalog.Tick;
import io.headrace.error.HeadraceException;
import io.headrace.server.schedule.Journal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Locale;

/** Counts ticks. */
final class TickMetrics implements Journal {
  private static final double[] DELAYS = {0.1, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400};

  private final Counter ticks;
  private final Counter missed;
  private final Histogram delays;
  private final Counter failures;

  TickMetrics(PrometheusRegistry registry) {
    ticks =
        Counter.builder()
            .name("headrace_ticks_total")
            .help("Ticks of schedules that were dealt with")
            .labelNames("project", "schedule", "state")
            .register(registry);
    missed =
        Counter.builder()
            .name("headrace_ticks_missed_total")
            .help("Ticks of schedules that were not run")
            .labelNames("project", "schedule")
            .register(registry);
    delays =
        Histogram.builder()
            .classicOnly()
            .classicUpperBounds(DELAYS)
            .name("headrace_tick_delay_seconds")
            .help("How long after they could be run ticks began")
            .labelNames("project")
            .register(registry);
    failures =
        Counter.builder()
            .name("headrace_schedule_failures_total")
            .help("Times that a schedule could not be kept; without a name, all of the project")
            .labelNames("project", "schedule")
            .register(registry);
  }

  @Override
  public void dealtWith(String project, Tick tick) {
    if (tick.state() == Tick.State.RUNNING) {
      return;
    }
    ticks.labelValues(project, tick.schedule(), tick.state().name().toLowerCase(Locale.ROOT)).inc();
    boolean wasRun = tick.state().isOfRun();
    missed.labelValues(project, tick.schedule()).inc(tick.missed() + (wasRun ? 0 : 1));
    if (wasRun) {
      Duration delay = Duration.between(tick.occasion().ready(), tick.startedAt());
      delays.labelValues(project).observe(Math.max(0, RunMetrics.seconds(delay)));
    }
  }

  @Override
  public void failed(String project, String schedule, HeadraceException failure) {
    failures.labelValues(project, schedule).inc();
  }
}
