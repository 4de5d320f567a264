package io.headrace.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/** Sends spans, and counts those that could not be sent. */
final class ToldExporter implements SpanExporter {
  private final SpanExporter exporter;
  private final Failure failure;

  ToldExporter(SpanExporter exporter, Failure failure) {
    this.exporter = exporter;
    this.failure = failure;
  }

  /** What could not be sent. Safe for many threads. */
  static final class Failure {
    private final AtomicLong spans = new AtomicLong();
    private volatile String reason = "";

    void tell() {
      if (spans.get() > 0) {
        Warning.tell(
            "%d spans of the run could not be sent to OpenTelemetry%s",
            spans.get(), reason.isEmpty() ? "" : ": " + reason);
      }
    }
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(
        () -> {
          if (!result.isSuccess()) {
            failure.spans.addAndGet(spans.size());
            Throwable cause = result.getFailureThrowable();
            failure.reason = cause == null ? "" : String.valueOf(cause.getMessage());
          }
        });
    return result;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
