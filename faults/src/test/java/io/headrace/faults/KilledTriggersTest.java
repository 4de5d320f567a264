package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Tick;
import io.headrace.maintain.Doctor;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of servers that keep schedules of a clock, of tables and of requests: each tick
 * was run once or is counted as missed, each request is taken by one tick, no change is lost, and
 * each commit is whole.
 *
 * <p>It is played for two minutes; {@code -Dheadrace.seconds=600} plays it for ten.
 */
@Order(1)
class KilledTriggersTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("headrace.seconds", 120));
  private static final int LEAST_KILLS = 5;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofMinutes(2);
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
  private static final List<String> SCHEDULES = List.of("load", "marts", "hook");

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Seed seed = new Seed(KilledTriggersTest.class);

  /** Keys of requests that no server has answered, and their parameters. */
  private final Deque<String> unanswered = new ArrayDeque<>();

  private int asked;
  private int edits;
  private int kills;

  @Test
  void nothingIsRunTwiceAndNothingIsLost() throws Exception {
    TestProject project =
        new TestProject(folder.resolve("shop"))
            .write(
                "headrace.yaml",
                """
                parameters: {day: none}
                schedules:
                  load: {every: 1s, select: [src, one, two]}
                  marts: {on: {tables: [one, two]}, select: [pair]}
                  hook: {on: {webhook: true}, select: [days]}
                """)
            .table("pair", "SELECT l.n AS l, r.n AS r FROM one l CROSS JOIN two r")
            .table("one", "SELECT n FROM src")
            .table("two", "SELECT n FROM src")
            .table("days", "SELECT $day AS day");
    edit(project);
    unanswered.add("k" + ++asked);
    long end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() < end || kills < LEAST_KILLS) {
      SplittableRandom random = seed.random(++kills);
      try (Child server = start(project)) {
        server.await("Serving");
        for (int steps = random.nextInt(1, 8); steps > 0; steps--) {
          act(project, server, random);
        }
        server.kill();
      }
    }
    edit(project);
    try (Child last = start(project)) {
      last.await("Serving");
      awaitQuiet(project, last);
      last.signal("TERM");
      last.ends(Duration.ofSeconds(30));
    }
    try (Workspace workspace = project.open()) {
      assertThat(TestProject.query(workspace, "main", "SELECT l, r FROM pair"))
          .containsExactly(List.of((long) edits, (long) edits));
      assertThat(new Doctor(workspace).examine().problems()).as(seed.toString()).isEmpty();
      examine(workspace);
    }
  }

  private void act(TestProject project, Child server, SplittableRandom random)
      throws InterruptedException {
    switch (random.nextInt(4)) {
      case 0 -> edit(project);
      case 1 -> unanswered.add("k" + ++asked);
      case 2 -> Thread.sleep(random.nextInt(1_500));
      default -> {}
    }
    if (random.nextBoolean()) {
      ask(server);
    }
  }

  /** Nobody ever sees half of a file. */
  private void edit(TestProject project) {
    edits++;
    project.write("next.sql", "SELECT CAST(%d AS BIGINT) AS n".formatted(edits));
    TestProject.doing(
        () ->
            Files.move(
                project.root().resolve("next.sql"),
                project.root().resolve("tables/src.sql"),
                StandardCopyOption.ATOMIC_MOVE));
  }

  /** Whoever hears nothing asks again, of whichever server there is then. */
  private void ask(Child server) {
    String address =
        server.lines().stream()
            .map(ADDRESS::matcher)
            .filter(Matcher::find)
            .map(Matcher::group)
            .findFirst()
            .orElseThrow();
    while (!unanswered.isEmpty()) {
      String key = unanswered.element();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(address + "/api/v1/projects/shop/schedules/hook/trigger"))
              .timeout(Duration.ofSeconds(10))
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", key)
              .POST(
                  BodyPublishers.ofString("{\"parameters\":{\"day\":\"%s\"}}".formatted(day(key))))
              .build();
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        unanswered.remove();
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static String day(String key) {
    return "d" + Integer.parseInt(key.substring(1)) % 3;
  }

  /** Until all that was asked for is done, and what was edited last is in the last table. */
  private void awaitQuiet(TestProject project, Child server) throws InterruptedException {
    long end = System.nanoTime() + QUIET.toNanos();
    ask(server);
    try (Workspace workspace = project.open()) {
      while (!isQuiet(workspace)) {
        if (System.nanoTime() > end) {
          throw new AssertionError(
              "It never ends %s: %s, %s"
                  .formatted(
                      seed,
                      workspace.catalog().requests().waiting(),
                      workspace.catalog().environments().head("main")));
        }
        Thread.sleep(200);
      }
    }
  }

  private boolean isQuiet(Workspace workspace) {
    Catalog catalog = workspace.catalog();
    boolean isOpen =
        SCHEDULES.stream()
            .filter(name -> !name.equals("load"))
            .anyMatch(name -> catalog.schedules().find(name).flatMap(s -> s.open()).isPresent());
    if (isOpen || !catalog.requests().waiting().isEmpty()) {
      return false;
    }
    Snapshot head = catalog.environments().head("main");
    return head.versions().size() == 5
        && TestProject.query(workspace, head, "SELECT l FROM pair")
            .equals(List.of(List.of((Object) (long) edits)));
  }

  private void examine(Workspace workspace) {
    Catalog catalog = workspace.catalog();
    Map<String, Integer> commits = new HashMap<>();
    for (Commit commit : catalog.environments().log("main", Integer.MAX_VALUE)) {
      Runs.Run run = catalog.runs().find(commit.run().orElseThrow()).orElseThrow();
      commits.merge(run.cause(), 1, Integer::sum);
      requireWhole(workspace, commit);
    }
    assertThat(commits.values()).as(seed.toString()).containsOnly(1);
    int ticks = 0;
    for (String schedule : SCHEDULES) {
      List<Tick> all =
          new ArrayList<>(catalog.schedules().ticks(Optional.of(schedule), Integer.MAX_VALUE));
      Collections.reverse(all);
      ticks += all.size();
      for (Tick tick : all) {
        String what = "%s %s".formatted(tick, seed);
        assertThat(tick.number()).as(what).isEqualTo(all.indexOf(tick) + 1);
        assertThat(tick.state())
            .as(what)
            .isIn(Tick.State.PUBLISHED, Tick.State.UNCHANGED, Tick.State.RUNNING);
        assertThat(commits.containsKey(tick.cause()))
            .as(what)
            .isEqualTo(tick.state() == Tick.State.PUBLISHED);
      }
    }
    requireNoGap(catalog);
    requireAllTaken(catalog);
    System.out.printf(
        "%d kills: %d edits, %d requests, %d ticks, %d commits%n",
        kills, edits, asked, ticks, commits.size());
  }

  /** Both tables are of one state of the project, in each commit. */
  private void requireWhole(Workspace workspace, Commit commit) {
    Snapshot snapshot = workspace.catalog().environments().at(commit.id());
    if (snapshot.versions().containsKey(TableName.parse("one"))) {
      assertThat(
              TestProject.query(
                  workspace, snapshot, "SELECT count(*) FROM one l JOIN two r ON l.n = r.n"))
          .as("%s %s", commit, seed)
          .isEqualTo(List.of(List.of((Object) 1L)));
    }
  }

  private void requireNoGap(Catalog catalog) {
    List<Tick> ticks = catalog.schedules().ticks(Optional.of("load"), Integer.MAX_VALUE);
    for (int i = 1; i < ticks.size(); i++) {
      Tick later = ticks.get(i - 1);
      assertThat(later.due())
          .as("%s %s", later, seed)
          .isEqualTo(ticks.get(i).due().plus(SECOND.multipliedBy(later.missed() + 1)));
    }
  }

  private void requireAllTaken(Catalog catalog) {
    Set<String> keys = new HashSet<>();
    for (Tick tick : catalog.schedules().ticks(Optional.of("hook"), Integer.MAX_VALUE)) {
      List<Request> taken = catalog.requests().of("hook", tick.number());
      assertThat(taken).as("%s %s", tick, seed).isNotEmpty();
      for (Request request : taken) {
        String key = request.asked().key().orElseThrow();
        assertThat(tick.occasion().parameters())
            .as(seed.toString())
            .isEqualTo(Map.of("day", day(key)));
        assertThat(keys.add(key)).as("%s %s", key, seed).isTrue();
      }
    }
    assertThat(keys).as(seed.toString()).hasSize(asked);
  }

  private static Child start(TestProject project) {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "serve", "--port", "0", "--memory", "200MB");
  }
}
