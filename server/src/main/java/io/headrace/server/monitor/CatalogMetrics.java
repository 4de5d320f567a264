package io.headrace.server.monitor;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.server.route.Projects;
import io.headrace.server.runs.ServedProject;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** How old what is published is, read in the catalogs when somebody asks, but not more often. */
final class CatalogMetrics {
  /** Tables of a project that have a series of their own. */
  static final int MOST_TABLES = 1_000;

  /** The series of the others: the age of the oldest of them. */
  static final String OTHERS = "(others)";

  private final Projects projects;
  private final Duration reading;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private final MultiGauge environments;
  private final MultiGauge tables;

  CatalogMetrics(MeterRegistry registry, Projects projects, Duration reading) {
    this.projects = projects;
    this.reading = reading;
    for (ServedProject project : projects.all()) {
      gauge(
          registry,
          "headrace.catalog.up",
          "Whether the catalog can be read",
          project,
          served -> last(served).isGood() ? 1 : 0);
      gauge(
          registry,
          "headrace.tables",
          "Tables of main",
          project,
          served -> last(served).tableCount());
      gauge(
          registry,
          "headrace.engine.memory.limit.bytes",
          "What the engine may hold",
          project,
          served -> served.workspace().engineSettings().memoryBytes());
    }
    environments =
        MultiGauge.builder("headrace.environment.age.seconds")
            .description("Time since the last commit of an environment")
            .register(registry);
    tables =
        MultiGauge.builder("headrace.table.age.seconds")
            .description("Time since a table of main was built")
            .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      String help,
      ServedProject project,
      ToDoubleFunction<ServedProject> value) {
    Gauge.builder(name, project, value)
        .description(help)
        .tags("project", project.name())
        .register(registry);
  }

  /**
   * When environments were published to, and tables of main were built.
   *
   * @param tables those that have a series
   */
  private record Reading(
      long nanos,
      boolean isGood,
      SortedMap<String, Instant> environments,
      SortedMap<String, Instant> tables,
      int tableCount) {
    private static final Reading NONE = failed(0);

    private static Reading failed(long nanos) {
      return new Reading(nanos, false, new TreeMap<>(), new TreeMap<>(), 0);
    }
  }

  /** Reads what was not read for a while. What is gone from a catalog has no series any more. */
  synchronized void refresh() {
    boolean isNew = false;
    for (ServedProject project : projects.all()) {
      isNew |= read(project);
    }
    if (isNew) {
      environments.register(rows("environment", Reading::environments));
      tables.register(rows("table", Reading::tables));
    }
  }

  /** A series looks for its time whenever it is asked, so that those that stay are not replaced. */
  private List<Row<?>> rows(String label, Function<Reading, SortedMap<String, Instant>> times) {
    List<Row<?>> rows = new ArrayList<>();
    for (ServedProject project : projects.all()) {
      for (String name : times.apply(last(project)).keySet()) {
        rows.add(
            Row.of(
                Tags.of("project", project.name(), label, name),
                () -> age(project, Optional.ofNullable(times.apply(last(project)).get(name)))));
      }
    }
    return rows;
  }

  private Reading last(ServedProject project) {
    return readings.getOrDefault(project.name(), Reading.NONE);
  }

  private static double age(ServedProject project, Optional<Instant> at) {
    return at.map(then -> Duration.between(then, project.workspace().clock().instant()))
        .map(age -> Math.max(0, RunMetrics.seconds(age)))
        .orElse(Double.NaN);
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

  /** Returns whether it was read. */
  private boolean read(ServedProject project) {
    long now = System.nanoTime();
    Reading last = readings.get(project.name());
    if (last != null && now - last.nanos() < reading.toNanos()) {
      return false;
    }
    Reading fresh;
    try {
      Catalog catalog = project.workspace().catalog();
      SortedMap<String, Instant> built = tables(catalog);
      fresh = new Reading(now, true, environments(catalog), capped(built), built.size());
    } catch (HeadraceException e) {
      fresh = Reading.failed(now);
    }
    readings.put(project.name(), fresh);
    return true;
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
