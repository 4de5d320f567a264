package io.headrace.server.monitor;

import io.headrace.error.HeadraceException;
import io.headrace.server.alert.Alert;
import io.headrace.server.alert.AlertListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;

/** Counts alerts. */
final class AlertMetrics implements AlertListener {
  private final Counter alerts;

  AlertMetrics(PrometheusRegistry registry) {
    alerts =
        Counter.builder()
            .name("headrace_alerts_total")
            .help("Alerts that were sent, or could not be")
            .labelNames("project", "channel", "outcome")
            .register(registry);
  }

  @Override
  public void sent(Alert alert, String channel, Optional<HeadraceException> failure) {
    String outcome = failure.isPresent() ? "failed" : "sent";
    alerts.labelValues(alert.project(), channel, outcome).inc();
  }
}
