package io.headrace.telemetry;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.headrace.run.ObservedRun;
import io.headrace.run.RunEvent;
import io.headrace.run.RunObserver;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A trace of a run: a span for the run, and below it one for each table that is built. It is part
 * of the trace that {@code TRACEPARENT} names, where another program starts the run.
 */
final class RunTrace implements RunObserver {
  /** The exporter's own words come with stack traces; {@link ToldExporter} says what matters. */
  private static final Logger EXPORTER = Logger.getLogger("io.opentelemetry");

  private static final long MOST_SECONDS_TO_SEND = 10;

  private final OpenTelemetrySdk sdk;
  private final ToldExporter.Failure failure;
  private final Tracer tracer;
  private final ObservedRun run;
  private final Context parent;
  private final Map<TableName, Span> tasks = new HashMap<>();
  private @Nullable Span root;

  private RunTrace(
      OpenTelemetrySdk sdk, ToldExporter.Failure failure, ObservedRun run, Context parent) {
    this.sdk = sdk;
    this.failure = failure;
    this.tracer = sdk.getTracer("io.headrace");
    this.run = run;
    this.parent = parent;
  }

  static RunTrace start(ObservedRun run, Map<String, String> environment) {
    EXPORTER.setLevel(Level.OFF);
    ToldExporter.Failure failure = new ToldExporter.Failure();
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(
                () ->
                    Map.of(
                        "otel.service.name", "headrace",
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none"))
            .addSpanExporterCustomizer((exporter, config) -> new ToldExporter(exporter, failure))
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    Context parent =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), environment, Variables.GETTER);
    return new RunTrace(sdk, failure, run, parent);
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Started started) {
      started(started);
    } else if (event instanceof RunEvent.TaskStarted task) {
      Span span =
          tracer
              .spanBuilder("build " + task.table())
              .setParent(root == null ? parent : parent.with(root))
              .setAttribute("headrace.table", task.table().toString())
              .setAttribute("headrace.reason", task.reason())
              .startSpan();
      tasks.put(task.table(), span);
    } else if (event instanceof RunEvent.TaskRetried retried) {
      span(retried.table())
          .addEvent(
              "retried",
              Attributes.of(
                  longKey("headrace.attempt"),
                  (long) retried.attempt(),
                  stringKey("headrace.message"),
                  retried.message()));
    } else if (event instanceof RunEvent.CheckFinished check) {
      Span span = check.outcome().check().table().map(this::span).orElseGet(this::root);
      span.addEvent(
          "check",
          Attributes.of(
              stringKey("headrace.check"), check.outcome().check().title(),
              booleanKey("headrace.passed"), check.outcome().passed(),
              longKey("headrace.failures"), check.outcome().failures()));
    } else if (event instanceof RunEvent.TaskFinished finished) {
      finished(finished.outcome());
    } else if (event instanceof RunEvent.Conflicted conflicted) {
      root()
          .addEvent("conflict", Attributes.of(stringKey("headrace.message"), conflicted.message()));
    } else if (event instanceof RunEvent.Finished finished) {
      Span span = root();
      finished.result().commit().ifPresent(commit -> span.setAttribute("headrace.commit", commit));
      span.setAttribute(
          "headrace.state", finished.result().state().name().toLowerCase(Locale.ROOT));
      if (!finished.result().isGood()) {
        span.setStatus(StatusCode.ERROR, "nothing was published, or not all of it");
      }
      end();
    }
  }

  /** Begins the run's span; a second attempt of the run belongs to the same. */
  private void started(RunEvent.Started started) {
    if (root == null) {
      root =
          tracer
              .spanBuilder("run " + run.project())
              .setParent(parent)
              .setAttribute("headrace.project", run.project())
              .setAttribute("headrace.environment", started.environment())
              .setAttribute("headrace.run", started.run())
              .setAttribute("headrace.author", run.request().author())
              .startSpan();
    }
    root.setAttribute("headrace.tasks", started.tasks());
    root.setAttribute("headrace.to_build", started.toBuild());
  }

  private void finished(TaskOutcome outcome) {
    Span span = tasks.remove(outcome.table());
    if (span == null) {
      return;
    }
    span.setAttribute("headrace.outcome", outcome.kind().toString());
    span.setAttribute("headrace.rows", outcome.rowCount());
    span.setAttribute("headrace.bytes", outcome.sizeBytes());
    outcome.version().ifPresent(version -> span.setAttribute("headrace.version", version));
    if (!outcome.isGood()) {
      span.setStatus(StatusCode.ERROR, outcome.message());
    }
    span.end();
  }

  private Span span(TableName table) {
    return tasks.getOrDefault(table, root());
  }

  private Span root() {
    return root == null ? Span.getInvalid() : root;
  }

  private void end() {
    tasks.values().forEach(Span::end);
    tasks.clear();
    root().end();
  }

  @Override
  public void close() {
    end();
    sdk.shutdown().join(MOST_SECONDS_TO_SEND, TimeUnit.SECONDS);
    failure.tell();
  }

  /** Reads the variables of a process as a carrier of trace contexts, whose keys they write big. */
  private enum Variables implements TextMapGetter<Map<String, String>> {
    GETTER;

    @Override
    @SuppressWarnings("deprecation") // it has to be there
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key.toUpperCase(Locale.ROOT));
    }
  }
}
