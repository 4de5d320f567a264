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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Counts runs and what they do. */
final class RunMetrics implements RunListener {
  private static final double[] SECONDS = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400};

  private final MeterProvider<Counter> runs;
  private final Levels running;
  private final MeterProvider<Timer> runTimes;
  private final MeterProvider<Counter> tasks;
  private final MeterProvider<Timer> taskTimes;
  private final MeterProvider<Counter> rows;
  private final MeterProvider<Counter> bytes;
  private final MeterProvider<Counter> checks;
  private final MeterProvider<Counter> exports;
  private final MeterProvider<Counter> batches;
  private final Levels anomalies;

  RunMetrics(MeterRegistry registry) {
    runs = counter(registry, "headrace.runs", "Runs that are over");
    running = new Levels(registry, "headrace.runs.running", "Runs that go on");
    runTimes = timer(registry, "headrace.run.duration", "How long runs take");
    tasks = counter(registry, "headrace.tasks", "Tables that runs dealt with");
    taskTimes = timer(registry, "headrace.task.duration", "How long builds of tables take");
    rows = counter(registry, "headrace.rows.built", "Rows of the versions that were built");
    bytes = counter(registry, "headrace.bytes.built", "Bytes of the versions that were built");
    checks = counter(registry, "headrace.checks.failed", "Checks that failed");
    exports = counter(registry, "headrace.exports", "Exports");
    batches = counter(registry, "headrace.batches", "Followed batches");
    anomalies =
        new Levels(
            registry,
            "headrace.table.anomalies",
            "Numbers that are unusual in the version that was judged last");
  }

  private static MeterProvider<Counter> counter(MeterRegistry registry, String name, String help) {
    return Counter.builder(name).description(help).withRegistry(registry);
  }

  private static MeterProvider<Timer> timer(MeterRegistry registry, String name, String help) {
    return Timer.builder(name)
        .description(help)
        .serviceLevelObjectives(durations(SECONDS))
        .withRegistry(registry);
  }

  /** The bounds of a histogram. */
  static Duration[] durations(double[] seconds) {
    return Arrays.stream(seconds)
        .mapToObj(each -> Duration.ofMillis(Math.round(each * 1000)))
        .toArray(Duration[]::new);
  }

  @Override
  public void begun(ServedProject project, OngoingRun run) {
    running.of(Tags.of("project", project.name())).incrementAndGet();
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
      checks.withTags("project", project, "severity", severity).increment();
    }
    if (check.rule() instanceof Check.Anomalies && outcome.error().isEmpty()) {
      String table = check.table().orElseThrow().toString();
      anomalies
          .of(Tags.of("project", project, "environment", environment, "table", table))
          .set(outcome.failures());
    }
  }

  private void task(String project, TaskOutcome outcome) {
    tasks.withTags("project", project, "outcome", outcome.kind().toString()).increment();
    boolean isBuilt = outcome.kind() == Kind.BUILT || outcome.kind() == Kind.SAME;
    if (isBuilt || outcome.kind() == Kind.FAILED) {
      taskTimes.withTags("project", project).record(outcome.duration());
    }
    if (isBuilt) {
      rows.withTags("project", project).increment((double) Math.max(0, outcome.rowCount()));
      bytes.withTags("project", project).increment((double) Math.max(0, outcome.sizeBytes()));
    }
  }

  @Override
  public void over(ServedProject project, OngoingRun run) {
    String name = project.name();
    String environment = run.order().environment();
    String state = state(run);
    running.of(Tags.of("project", name)).decrementAndGet();
    runs.withTags("project", name, "environment", environment, "state", state).increment();
    run.result()
        .ifPresent(
            result ->
                runTimes
                    .withTags("project", name, "environment", environment)
                    .record(result.duration()));
    for (ExportOutcome export : run.exports()) {
      exports
          .withTags(
              "project",
              name,
              "export",
              export.export().name(),
              "outcome",
              export.kind().toString())
          .increment();
    }
    run.order()
        .followed()
        .ifPresent(
            schedule ->
                batches
                    .withTags("project", name, "schedule", schedule, "state", state)
                    .increment());
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
