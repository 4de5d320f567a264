package io.headrace.server.monitor;

import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.server.alert.Alert;
import io.headrace.server.alert.AlertListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Optional;

/** Counts alerts, and says what is wrong now. */
final class AlertMetrics implements AlertListener {
  private final MeterProvider<Counter> alerts;
  private final Levels states;

  AlertMetrics(MeterRegistry registry) {
    alerts =
        Counter.builder("headrace.alerts")
            .description("Alerts that were sent, or could not be")
            .withRegistry(registry);
    states =
        new Levels(
            registry,
            "headrace.alert.state",
            "Whether something that is looked at from time to time is wrong");
  }

  @Override
  public void sent(Alert alert, String channel, Optional<HeadraceException> failure) {
    String outcome = failure.isPresent() ? "failed" : "sent";
    alerts.withTags("project", alert.project(), "channel", channel, "outcome", outcome).increment();
  }

  @Override
  public void stands(String project, Kind kind, String subject, boolean isSo) {
    String word = kind.name().toLowerCase(Locale.ROOT);
    states.of(Tags.of("project", project, "alert", word, "subject", subject)).set(isSo ? 1 : 0);
  }
}
