package io.headrace.server.monitor;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.server.route.Projects;
import io.headrace.server.runs.ServedProject;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** How old what is published is, read in the catalogs when somebody asks, but not more often. */
final class CatalogMetrics {
  /** Tables of a project that have a series of their own. */
  static final int MOST_TABLES = 1_000;

  /** The series of the others: the age of the oldest of them. */
  static final String OTHERS = "(others)";

  private final Projects projects;
  private final Duration reading;
  private final Map<String, Reading> readings = new HashMap<>();

  private CatalogMetrics(Projects projects, Duration reading) {
    this.projects = projects;
    this.reading = reading;
  }

  /** When environments were published to, and tables of main were built. */
  private record Reading(
      long nanos,
      boolean isGood,
      SortedMap<String, Instant> environments,
      SortedMap<String, Instant> tables) {}

  static void register(PrometheusRegistry registry, Projects projects, Duration reading) {
    CatalogMetrics metrics = new CatalogMetrics(projects, reading);
    metrics
        .gauge("headrace_catalog_up", "Whether the catalog can be read", "project")
        .callback(
            gauge ->
                metrics.each((project, read) -> gauge.call(read.isGood() ? 1 : 0, project.name())))
        .register(registry);
    metrics
        .gauge(
            "headrace_environment_age_seconds",
            "Time since the last commit of an environment",
            "project",
            "environment")
        .callback(
            gauge ->
                metrics.each(
                    (project, read) ->
                        read.environments()
                            .forEach(
                                (name, at) -> gauge.call(age(project, at), project.name(), name))))
        .register(registry);
    metrics
        .gauge(
            "headrace_table_age_seconds",
            "Time since a table of main was built",
            "project",
            "table")
        .callback(
            gauge ->
                metrics.each(
                    (project, read) ->
                        capped(read.tables())
                            .forEach(
                                (name, at) -> gauge.call(age(project, at), project.name(), name))))
        .register(registry);
    metrics
        .gauge("headrace_tables", "Tables of main", "project")
        .callback(
            gauge ->
                metrics.each((project, read) -> gauge.call(read.tables().size(), project.name())))
        .register(registry);
    metrics
        .gauge("headrace_engine_memory_limit_bytes", "What the engine may hold", "project")
        .callback(
            gauge ->
                projects
                    .all()
                    .forEach(
                        project ->
                            gauge.call(
                                (double) project.workspace().engineSettings().memoryBytes(),
                                project.name())))
        .register(registry);
  }

  private GaugeWithCallback.Builder gauge(String name, String help, String... labels) {
    GaugeWithCallback.Builder builder = GaugeWithCallback.builder();
    builder.name(name).help(help).labelNames(labels);
    return builder;
  }

  private static double age(ServedProject project, Instant at) {
    Duration age = Duration.between(at, project.workspace().clock().instant());
    return Math.max(0, RunMetrics.seconds(age));
  }

  /** At most as many as have a series, with the oldest of the others. */
  static SortedMap<String, Instant> capped(SortedMap<String, Instant> tables) {
    if (tables.size() <= MOST_TABLES) {
      return tables;
    }
    SortedMap<String, Instant> result = new TreeMap<>();
    List<Instant> others = new ArrayList<>();
    tables.forEach(
        (name, at) -> {
          if (result.size() < MOST_TABLES) {
            result.put(name, at);
          } else {
            others.add(at);
          }
        });
    others.stream().min(Instant::compareTo).ifPresent(oldest -> result.put(OTHERS, oldest));
    return result;
  }

  private void each(BiConsumer<ServedProject, Reading> told) {
    projects.all().forEach(project -> told.accept(project, read(project)));
  }

  private synchronized Reading read(ServedProject project) {
    long now = System.nanoTime();
    Reading last = readings.get(project.name());
    if (last != null && now - last.nanos() < reading.toNanos()) {
      return last;
    }
    Reading fresh;
    try {
      Catalog catalog = project.workspace().catalog();
      fresh = new Reading(now, true, environments(catalog), tables(catalog));
    } catch (HeadraceException e) {
      fresh = new Reading(now, false, new TreeMap<>(), new TreeMap<>());
    }
    readings.put(project.name(), fresh);
    return fresh;
  }

  private static SortedMap<String, Instant> environments(Catalog catalog) {
    SortedMap<String, Instant> result = new TreeMap<>();
    for (Environment environment : catalog.environments().list()) {
      Optional<Commit> head = catalog.environments().findCommit(environment.head());
      head.ifPresent(commit -> result.put(environment.name(), commit.at()));
    }
    return result;
  }

  private static SortedMap<String, Instant> tables(Catalog catalog) {
    SortedMap<String, Instant> result = new TreeMap<>();
    var versions = catalog.environments().head(Environment.MAIN).versions();
    for (Version version : catalog.versions().findAll(versions.values()).values()) {
      result.put(version.table().toString(), version.createdAt());
    }
    return result;
  }
}
