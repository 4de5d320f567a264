package io.headrace.server.monitor;

import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.server.alert.Alert;
import io.headrace.server.alert.AlertListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Optional;

/** Counts alerts, and says what is wrong now. */
final class AlertMetrics implements AlertListener {
  private final Counter alerts;
  private final Gauge states;

  AlertMetrics(PrometheusRegistry registry) {
    alerts =
        Counter.builder()
            .name("headrace_alerts_total")
            .help("Alerts that were sent, or could not be")
            .labelNames("project", "channel", "outcome")
            .register(registry);
    states =
        Gauge.builder()
            .name("headrace_alert_state")
            .help("Whether something that is looked at from time to time is wrong")
            .labelNames("project", "alert", "subject")
            .register(registry);
  }

  @Override
  public void sent(Alert alert, String channel, Optional<HeadraceException> failure) {
    String outcome = failure.isPresent() ? "failed" : "sent";
    alerts.labelValues(alert.project(), channel, outcome).inc();
  }

  @Override
  public void stands(String project, Kind kind, String subject, boolean isSo) {
    String word = kind.name().toLowerCase(Locale.ROOT);
    states.labelValues(project, word, subject).set(isSo ? 1 : 0);
  }
}
