package io.headrace.server.monitor;

import io.headrace.catalog.Runs;
import io.headrace.check.Check;
import io.headrace.check.CheckOutcome;
import io.headrace.export.ExportOutcome;
import io.headrace.run.RunEvent;
import io.headrace.run.TaskOutcome;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.RunListener;
import io.headrace.server.runs.ServedProject;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Locale;

/** Counts runs and what they do. */
final class RunMetrics implements RunListener {
  private static final double[] SECONDS = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400};

  private final Counter runs;
  private final Gauge running;
  private final Histogram runSeconds;
  private final Counter tasks;
  private final Histogram taskSeconds;
  private final Counter rows;
  private final Counter bytes;
  private final Counter checks;
  private final Counter exports;
  private final Counter batches;
  private final Gauge anomalies;

  RunMetrics(PrometheusRegistry registry) {
    runs =
        counter("headrace_runs_total", "Runs that are over", "project", "environment", "state")
            .register(registry);
    running =
        Gauge.builder()
            .name("headrace_runs_running")
            .help("Runs that go on")
            .labelNames("project")
            .register(registry);
    runSeconds =
        histogram("headrace_run_duration_seconds", "How long runs take", "project", "environment")
            .register(registry);
    tasks =
        counter("headrace_tasks_total", "Tables that runs dealt with", "project", "outcome")
            .register(registry);
    taskSeconds =
        histogram("headrace_task_duration_seconds", "How long builds of tables take", "project")
            .register(registry);
    rows =
        counter("headrace_rows_built_total", "Rows of the versions that were built", "project")
            .register(registry);
    bytes =
        counter("headrace_bytes_built_total", "Bytes of the versions that were built", "project")
            .register(registry);
    checks =
        counter("headrace_checks_failed_total", "Checks that failed", "project", "severity")
            .register(registry);
    exports =
        counter("headrace_exports_total", "Exports", "project", "export", "outcome")
            .register(registry);
    batches =
        counter("headrace_batches_total", "Followed batches", "project", "schedule", "state")
            .register(registry);
    anomalies =
        Gauge.builder()
            .name("headrace_table_anomalies")
            .help("Numbers that are unusual in the version that was judged last")
            .labelNames("project", "environment", "table")
            .register(registry);
  }

  private static Counter.Builder counter(String name, String help, String... labels) {
    Counter.Builder builder = Counter.builder().name(name);
    builder.help(help).labelNames(labels);
    return builder;
  }

  private static Histogram.Builder histogram(String name, String help, String... labels) {
    Histogram.Builder builder = Histogram.builder();
    builder.classicOnly().classicUpperBounds(SECONDS).name(name).help(help).labelNames(labels);
    return builder;
  }

  @Override
  public void begun(ServedProject project, OngoingRun run) {
    running.labelValues(project.name()).inc();
  }

  @Override
  public void happened(ServedProject project, OngoingRun run, RunEvent event) {
    if (event instanceof RunEvent.TaskFinished finished) {
      task(project.name(), finished.outcome());
    } else if (event instanceof RunEvent.CheckFinished finished) {
      check(project.name(), run.order().environment(), finished.outcome());
    }
  }

  private void check(String project, String environment, CheckOutcome outcome) {
    Check check = outcome.check();
    if (!outcome.passed()) {
      String severity = check.severity().name().toLowerCase(Locale.ROOT);
      checks.labelValues(project, severity).inc();
    }
    if (check.rule() instanceof Check.Anomalies && outcome.error().isEmpty()) {
      String table = check.table().orElseThrow().toString();
      anomalies.labelValues(project, environment, table).set((double) outcome.failures());
    }
  }

  private void task(String project, TaskOutcome outcome) {
    tasks.labelValues(project, outcome.kind().toString()).inc();
    boolean isBuilt = outcome.kind() == Kind.BUILT || outcome.kind() == Kind.SAME;
    if (isBuilt || outcome.kind() == Kind.FAILED) {
      taskSeconds.labelValues(project).observe(seconds(outcome.duration()));
    }
    if (isBuilt) {
      rows.labelValues(project).inc(Math.max(0, outcome.rowCount()));
      bytes.labelValues(project).inc(Math.max(0, outcome.sizeBytes()));
    }
  }

  @Override
  public void over(ServedProject project, OngoingRun run) {
    String name = project.name();
    String environment = run.order().environment();
    String state = state(run);
    running.labelValues(name).dec();
    runs.labelValues(name, environment, state).inc();
    run.result()
        .ifPresent(
            result ->
                runSeconds.labelValues(name, environment).observe(seconds(result.duration())));
    for (ExportOutcome export : run.exports()) {
      exports.labelValues(name, export.export().name(), export.kind().toString()).inc();
    }
    run.order().followed().ifPresent(schedule -> batches.labelValues(name, schedule, state).inc());
  }

  /** In a word; what could not begin or not publish failed. */
  static String state(OngoingRun run) {
    return run.failure()
        .map(failure -> Runs.State.FAILED)
        .or(() -> run.result().map(result -> result.state()))
        .orElse(Runs.State.FAILED)
        .name()
        .toLowerCase(Locale.ROOT);
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
