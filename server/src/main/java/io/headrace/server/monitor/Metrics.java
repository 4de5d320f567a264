package io.headrace.server.monitor;

import io.headrace.access.Role;
import io.headrace.server.alert.AlertListener;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import io.javalin.http.Context;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/**
 * What is counted and measured of the projects that are served, in the text format of Prometheus.
 * Counters begin at 0 when the server does. Safe for many threads.
 */
public final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final TickMetrics ticks;
  private final AlertMetrics alerts;

  private Metrics(Projects projects, Duration reading) {
    RunMetrics runs = new RunMetrics(registry);
    this.ticks = new TickMetrics(registry);
    this.alerts = new AlertMetrics(registry);
    for (ServedProject project : projects.all()) {
      project.listen(runs);
    }
    CatalogMetrics.register(registry, projects, reading);
    JvmMemoryMetrics.builder().register(registry);
    JvmThreadsMetrics.builder().register(registry);
    JvmGarbageCollectorMetrics.builder().register(registry);
  }

  /**
   * Begins to count.
   *
   * @param reading how long what was read in a catalog is answered again
   */
  public static Metrics of(Projects projects, Duration reading) {
    return new Metrics(projects, reading);
  }

  /** What counts ticks. */
  public Journal journal() {
    return ticks;
  }

  /** What counts alerts. */
  public AlertListener alerts() {
    return alerts;
  }

  public Route route() {
    return Route.get("/metrics", "Metrics for Prometheus", this::answer)
        .needs(new Need.OnServer(Role.VIEWER));
  }

  private void answer(Context context) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    context.contentType(PrometheusTextFormatWriter.CONTENT_TYPE).result(text.toByteArray());
  }
}
