package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Environments;
import io.headrace.error.UsageException;
import io.headrace.faults.TestProject;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.server.alert.Alert;
import io.headrace.server.monitor.EventLog;
import io.headrace.server.monitor.Metrics;
import io.headrace.server.monitor.Readiness;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorTest {
  private static final Pattern SERVED = Pattern.compile("(?m)^# TYPE (\\S+) ");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
  private static final Pattern SHOWN = Pattern.compile("\\b(?:headrace|jvm)_\\w+");

  @TempDir Path folder;

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final HttpClient client = HttpClient.newHttpClient();

  private TestProject project(String settings) {
    return new TestProject(folder.resolve("shop"))
        .write("headrace.yaml", settings)
        .write("tables/numbers.csv", "n\n1\n2\n");
  }

  private HttpResponse<String> get(HeadraceServer server, String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What is served when something of each kind has happened. */
  private String metricsOfAll() {
    TestProject project =
        project("schedules: {often: {every: 1s, select: [warned]}, live: {follow: 1s}}")
            .table(
                "warned",
                "/*---\nchecks: [{condition: n > 9, severity: warn}, anomalies]\n---*/\nSELECT n FROM numbers")
            .write("exports/copy.yaml", "table: numbers\nfile: copy.csv\n");
    List<Metrics> metrics = new ArrayList<>();
    try (Serving serving =
        Serving.start(
            project,
            Clock.systemUTC(),
            served -> {
              Projects all = Site.projects(served);
              metrics.add(Metrics.of(all, Duration.ZERO));
              return Journal.all(List.of(metrics.get(0).journal(), log(served)));
            })) {
      serving.await("often", 2);
      alert(metrics.get(0));
      Serving.await(() -> Files.exists(project.root().resolve("copy.csv")));
      project.write("headrace.yaml", "schedules: {often: {every: 1s, colour: red}}");
      Serving.await(() -> !serving.failures().isEmpty());
      try (HeadraceServer server = HeadraceServer.start(0, List.of(metrics.get(0).route()))) {
        Serving.await(
            () -> get(server, "/metrics").body().contains("headrace_schedule_failures_total{"));
        System.gc();
        Serving.await(() -> get(server, "/metrics").body().contains("jvm_gc_pause_seconds_max{"));
        HttpResponse<String> answer = get(server, "/metrics");
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
            .startsWith("text/plain; version=0.0.4");
        return answer.body();
      }
    }
  }

  /** As if a failure were told. */
  private static void alert(Metrics metrics) {
    metrics
        .alerts()
        .sent(
            new Alert("shop", Kind.FAILED, "schedule often", "", Instant.EPOCH, Optional.empty()),
            "ops",
            Optional.empty());
    metrics.alerts().stands("shop", Kind.STALE, "freshness of *", true);
  }

  private Journal log(ServedProject project) {
    EventLog log = new EventLog(Clock.systemUTC(), events::add);
    project.listen(log);
    return log;
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      names.add(matcher.group(matcher.groupCount()));
    }
    return names;
  }

  @Test
  void metricsSayWhatHappenedAndAreAllDescribed() throws Exception {
    String served = metricsOfAll();
    assertThat(served)
        .contains("headrace_runs_total{environment=\"main\",project=\"shop\",state=\"published\"}")
        .contains("headrace_ticks_total{project=\"shop\",schedule=\"often\",state=")
        .contains("headrace_batches_total{project=\"shop\",schedule=\"live\",state=\"published\"}")
        .contains("headrace_exports_total{export=\"copy\",outcome=\"delivered\",project=\"shop\"}")
        .contains("headrace_checks_failed_total{project=\"shop\",severity=\"warn\"}")
        .contains(
            "headrace_alert_state{alert=\"stale\",project=\"shop\",subject=\"freshness of *\"} 1.0")
        .contains(
            "headrace_table_anomalies{environment=\"main\",project=\"shop\",table=\"warned\"} 0.0")
        .contains("headrace_rows_built_total{project=\"shop\"} 4.0")
        .contains("headrace_tables{project=\"shop\"} 2.0")
        .contains("headrace_table_age_seconds{project=\"shop\",table=\"warned\"}")
        .contains("headrace_catalog_up{project=\"shop\"} 1.0");
    assertThat(events)
        .allMatch(line -> line.matches("\\{\"time\":\"[^\"]+Z\",\"event\":\"[a-z_]+\",.*}"))
        .anyMatch(
            line -> line.contains("\"event\":\"run_started\",\"project\":\"shop\",\"run\":\""))
        .anyMatch(line -> line.matches(".*\"event\":\"run_finished\".*\"state\":\"published\".*"))
        .anyMatch(line -> line.matches(".*\"event\":\"tick\".*\"schedule\":\"often\".*"))
        .anyMatch(line -> line.matches(".*\"event\":\"schedule_failed\".*Unknown key 'colour'.*"));
    Path docs = Path.of("../docs");
    String page = Files.readString(docs.resolve("reference/metrics.md"));
    Set<String> described = names(DOCUMENTED, page);
    // Not every collector has them.
    described.removeIf(name -> name.contains("concurrent") && !served.contains(name));
    assertThat(names(SERVED, served)).isEqualTo(described);
    String dashboard = Files.readString(docs.resolve("grafana/headrace.json"));
    assertThat(names(SHOWN, dashboard))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            name -> assertThat(served).containsPattern("(?m)^" + Pattern.quote(name) + "[ {]"));
  }

  @Test
  void whatIsGoneHasNoSeries() {
    TestProject project = project("schedules: {often: {every: 1s}}");
    try (Serving serving = Serving.start(project, Clock.systemUTC(), this::log);
        Metrics metrics = Metrics.of(Site.projects(serving.project()), Duration.ZERO);
        HeadraceServer server = HeadraceServer.start(0, List.of(metrics.route()))) {
      serving.await("often", 1);
      Environments environments = serving.workspace().catalog().environments();
      environments.create("dev", Optional.of(environments.head("main")), Instant.now());
      assertThat(get(server, "/metrics").body()).contains("environment=\"dev\"");
      environments.delete("dev");
      assertThat(get(server, "/metrics").body())
          .contains("headrace_environment_age_seconds{environment=\"main\",project=\"shop\"}")
          .doesNotContain("environment=\"dev\"");
    }
  }

  @Test
  void aServerIsReadyWhileCatalogsCanBeReadAndDisksHaveRoom() {
    TestProject project = project("");
    try (Serving serving = Serving.withoutSchedules(project)) {
      HttpResponse<String> ready = ready(serving, 1);
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body())
          .isEqualTo(
              "{\"ready\":true,\"projects\":[{\"project\":\"shop\",\"ready\":true,\"reasons\":[]}]}");
      HttpResponse<String> full = ready(serving, Long.MAX_VALUE);
      assertThat(full.statusCode()).isEqualTo(503);
      assertThat(full.body()).contains("\"ready\":false", "has room for");
      project.write(".headrace/catalog.db", "no database".repeat(10_000));
      HttpResponse<String> broken = ready(serving, 1);
      assertThat(broken.statusCode()).isEqualTo(503);
      assertThat(broken.body()).contains("\"reasons\":[\"Cannot");
    }
  }

  @Test
  void requestsThatFailAreLogged() {
    Route broken =
        Route.get(
            "/broken",
            "",
            context -> {
              throw new UsageException("That is wrong", "Do it right");
            });
    EventLog log = new EventLog(Clock.systemUTC(), events::add);
    try (HeadraceServer server = HeadraceServer.start(0, List.of(log.watching(broken)))) {
      assertThat(get(server, "/broken").statusCode()).isEqualTo(400);
    }
    assertThat(events).hasSize(1);
    assertThat(events.get(0))
        .endsWith(
            "\"event\":\"request_failed\",\"method\":\"GET\",\"path\":\"/broken\","
                + "\"message\":\"That is wrong\"}");
  }

  private HttpResponse<String> ready(Serving serving, long leastBytes) {
    Readiness readiness = new Readiness(Site.projects(serving.project()), leastBytes);
    try (HeadraceServer server = HeadraceServer.start(0, List.of(readiness.route()))) {
      return get(server, "/health/ready");
    }
  }
}
