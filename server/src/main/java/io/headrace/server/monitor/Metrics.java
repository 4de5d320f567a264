package io.headrace.server.monitor;

import io.headrace.access.Role;
import io.headrace.server.alert.AlertListener;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import io.javalin.http.Context;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadDeadlockMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What is counted and measured of the projects that are served, in the text format of Prometheus.
 * Counters begin at 0 when the server does. Safe for many threads.
 */
public final class Metrics implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CatalogMetrics catalogs;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final TickMetrics ticks;
  private final AlertMetrics alerts;

  private Metrics(Projects projects, Duration reading) {
    RunMetrics runs = new RunMetrics(registry);
    this.ticks = new TickMetrics(registry);
    this.alerts = new AlertMetrics(registry);
    for (ServedProject project : projects.all()) {
      project.listen(runs);
    }
    this.catalogs = new CatalogMetrics(registry, projects, reading);
    List<MeterBinder> ofJava =
        List.of(
            new JvmMemoryMetrics(),
            collections,
            new JvmThreadMetrics(),
            new JvmThreadDeadlockMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics());
    ofJava.forEach(each -> each.bindTo(registry));
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

  /** Hears no more of what Java does. */
  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  public Route route() {
    return Route.get("/metrics", "Metrics for Prometheus", this::answer)
        .needs(new Need.OnServer(Role.VIEWER));
  }

  private void answer(Context context) throws IOException {
    catalogs.refresh();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    registry.scrape(text, CONTENT_TYPE);
    context.contentType(CONTENT_TYPE).result(text.toByteArray());
  }
}
