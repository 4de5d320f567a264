package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Tick.State;
import io.headrace.maintain.Doctor;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose disk is full for a while: it answers, says what is wrong, and goes on by itself
 * when there is room again.
 */
@Order(5)
class FullDiskServerTest {
  private static final int DISK_BYTES = 64 << 20;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(40);
  private static final Duration FULL = Duration.ofSeconds(5);
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
  private static final String API = "/api/v1/projects/shop";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  /** Keys of requests that were promised to be run. */
  private final List<String> promised = new ArrayList<>();

  private String address = "";

  @Test
  void aServerOutlivesAFullDisk() throws Exception {
    SmallDisk disk = new SmallDisk(folder);
    assumeThat(disk.mount(DISK_BYTES)).as("may mount a small disk").isTrue();
    try {
      TestProject project =
          new TestProject(folder.resolve("shop"))
              .write(
                  "headrace.yaml",
                  """
                  parameters: {at: none, day: none}
                  schedules:
                    often: {every: 1s, select: [numbers, sums], parameters: {at: "{time}"}}
                    hook: {on: {webhook: true}, select: [days]}
                  """)
              .table("numbers", "SELECT $at AS said, range AS i FROM range(20000)")
              .table("sums", "SELECT said, count(*) AS n FROM numbers GROUP BY said")
              .table("days", "SELECT $day AS day");
      try (Child server = start(project)) {
        server.await("Serving");
        address = address(server);
        server.await("often  published");
        ask("before");
        server.await("hook  published");
        disk.fill();
        Instant full = Instant.now();
        whileItIsFull(server);
        disk.free();
        ask("after");
        awaitPublished(full);
        server.signal("TERM");
        assertThat(server.ends(LONGEST)).isTrue();
        assertThat(server.errors()).doesNotContain("\tat ", "defect");
      }
      examine(project);
    } finally {
      disk.unmount();
    }
  }

  private void whileItIsFull(Child server) throws Exception {
    long end = System.nanoTime() + FULL.toNanos();
    boolean isAsked = false;
    while (System.nanoTime() < end || !isTold(server)) {
      assertThat(System.nanoTime()).as(server.errors()).isLessThan(end + LONGEST.toNanos());
      for (String path :
          List.of(
              "/projects/shop",
              "/projects/shop/runs",
              "/projects/shop/schedules",
              API + "/tables/sums",
              API + "/environments/main/commits")) {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
      }
      HttpResponse<String> ready = get("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("The disk of", "has room for 0 MiB");
      if (!isAsked) {
        ask("full");
        isAsked = true;
      }
      Thread.sleep(100);
    }
    assertThat(server.process().isAlive()).isTrue();
  }

  /** By the tick, or if it cannot be recorded, by the log and the metrics. */
  private boolean isTold(Child server) throws IOException, InterruptedException {
    return server.output().contains("often  failed")
        || (server.errors().contains("error: shop, schedule often: Cannot ")
            && server.errors().contains("hint: Free some space on the disk")
            && get("/metrics")
                .body()
                .contains("headrace_schedule_failures_total{project=\"shop\",schedule=\"often\"}"));
  }

  /** Whoever is told that it failed is told why, and nobody promised him anything. */
  private void ask(String key) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(address + API + "/schedules/hook/trigger"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString("{\"parameters\":{\"day\":\"%s\"}}".formatted(key))));
    if (answer.statusCode() == 202) {
      promised.add(key);
    } else {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body()).contains("\"error\":", "\"hint\":");
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(LONGEST).build(), BodyHandlers.ofString());
  }

  /** Until something is published that fell due while the disk was full, or later. */
  private void awaitPublished(Instant after) throws IOException, InterruptedException {
    Pattern published = Pattern.compile("\"due\":\"([^\"]+)\",\"state\":\"published\"");
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      Matcher tick = published.matcher(get(API + "/schedules/often/ticks").body());
      if (tick.find()
          && Instant.parse(tick.group(1)).isAfter(after)
          && get(API + "/schedules/hook/ticks").body().contains("after")) {
        return;
      }
      assertThat(System.nanoTime()).as("nothing is published").isLessThan(end);
      Thread.sleep(100);
    }
  }

  private void examine(TestProject project) {
    try (Workspace workspace = project.open()) {
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      Catalog catalog = workspace.catalog();
      Map<String, Integer> commits = new HashMap<>();
      for (Commit commit : catalog.environments().log("main", Integer.MAX_VALUE)) {
        Runs.Run run = catalog.runs().find(commit.run().orElseThrow()).orElseThrow();
        commits.merge(run.cause(), 1, Integer::sum);
        if (run.cause().contains("often")) {
          requireWhole(workspace, commit);
        }
      }
      assertThat(commits.values()).containsOnly(1);
      List<Tick> often = ticks(catalog, "often");
      for (int i = 1; i < often.size(); i++) {
        Tick tick = often.get(i);
        Duration gap = SECOND.multipliedBy(tick.missed() + 1);
        assertThat(tick.due()).as(tick.toString()).isEqualTo(often.get(i - 1).due().plus(gap));
      }
      List<Tick> all = new ArrayList<>(often);
      all.addAll(ticks(catalog, "hook"));
      for (Tick tick : all) {
        assertThat(commits.containsKey(tick.cause()))
            .as(tick.toString())
            .isEqualTo(tick.state() == State.PUBLISHED);
        assertThat(tick.state() != State.FAILED || !tick.message().isEmpty()).isTrue();
      }
      assertThat(all).anyMatch(tick -> tick.state() == State.FAILED || tick.missed() > 0);
      List<String> taken = new ArrayList<>();
      for (Tick tick : ticks(catalog, "hook")) {
        for (Request request : catalog.requests().of("hook", tick.number())) {
          taken.add(request.asked().key().orElseThrow());
        }
      }
      assertThat(taken).containsExactlyInAnyOrderElementsOf(promised);
    }
  }

  private static List<Tick> ticks(Catalog catalog, String schedule) {
    List<Tick> ticks =
        new ArrayList<>(catalog.schedules().ticks(Optional.of(schedule), Integer.MAX_VALUE));
    Collections.reverse(ticks);
    return ticks;
  }

  /** Both tables are of one tick. */
  private static void requireWhole(Workspace workspace, Commit commit) {
    assertThat(
            TestProject.query(
                workspace,
                workspace.catalog().environments().at(commit.id()),
                "SELECT count(*) FROM numbers JOIN sums USING (said) WHERE sums.n = 20000"))
        .as(commit.toString())
        .isEqualTo(List.of(List.of((Object) 20_000L)));
  }

  private static String address(Child server) {
    return server.lines().stream()
        .map(ADDRESS::matcher)
        .filter(Matcher::find)
        .map(Matcher::group)
        .findFirst()
        .orElseThrow();
  }

  private static Child start(TestProject project) {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "serve", "--port", "0", "--memory", "200MB");
  }
}
