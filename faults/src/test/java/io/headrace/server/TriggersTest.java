package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Tick.State;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.project.ProjectReader;
import io.headrace.schedule.Schedule;
import io.headrace.server.runs.Order;
import io.headrace.server.schedule.AllSchedules;
import io.headrace.trigger.Asking;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that keep schedules which no clock triggers, or which wait for something. */
class TriggersTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();

  private TestProject project(String schedules) {
    return new TestProject(folder.resolve("shop"))
        .write("tables/numbers.csv", "n\n1\n")
        .table("doubled", "SELECT n * 2 AS n FROM numbers")
        .table("days", "SELECT $day AS day")
        .write("headrace.yaml", "parameters: {day: none}\nschedules:\n" + schedules);
  }

  private static void load(Serving serving, TestProject project, int number) {
    project.write("tables/numbers.csv", "n\n%d\n".formatted(number));
    TreeMap<String, String> none = new TreeMap<>();
    Order all = Order.of("ada");
    Order order =
        new Order(
            "main",
            List.of("numbers"),
            List.of(),
            List.of(),
            none,
            all.publish(),
            "ada",
            "",
            "",
            Optional.empty());
    assertThat(serving.project().run(order, Cancellation.never()).result()).isPresent();
  }

  private static long ask(Workspace workspace, String schedule, String day, String key) {
    Schedule found = Objects.requireNonNull(workspace.readSettings().schedules().get(schedule));
    return new Asking(workspace)
        .ask(found, Optional.of(key), new TreeMap<>(Map.of("day", day)), "ada")
        .id();
  }

  @Test
  void whatMovesATableRunsWhatReadsIt() {
    TestProject project = project("  marts: {on: {tables: numbers}, select: [doubled]}\n");
    try (Serving serving = Serving.start(project, clock)) {
      load(serving, project, 4);
      assertThat(serving.await("marts", 1).get(0).state()).isEqualTo(State.PUBLISHED);
      assertThat(TestProject.value(serving.workspace(), "SELECT n FROM doubled")).isEqualTo(8L);
      load(serving, project, 5);
      assertThat(serving.await("marts", 2).get(1).state()).isEqualTo(State.PUBLISHED);
      assertThat(TestProject.value(serving.workspace(), "SELECT n FROM doubled")).isEqualTo(10L);
      assertThat(serving.ticks("marts")).hasSize(2);
      assertThat(serving.failures()).isEmpty();
    }
  }

  @Test
  void aChangeThatWouldTriggerForEverIsNotTakenOverUntilTheOtherProjectIsMended() {
    String theirs = "  stock: {on: {project: shop, tables: doubled}}\n";
    new TestProject(folder.resolve("warehouse")).write("headrace.yaml", "schedules:\n" + theirs);
    AllSchedules all = new AllSchedules();
    all.take(
        "warehouse", ProjectReader.readSettings(folder.resolve("warehouse")).schedules().values());
    TestProject project = project("  marts: {every: 1h, select: [doubled]}\n");
    try (Serving serving = Serving.start(project, clock, all)) {
      Serving.await(() -> serving.workspace().catalog().schedules().find("marts").isPresent());
      project.write(
          "headrace.yaml",
          """
          schedules:
            marts: {on: {project: warehouse, tables: stock}, select: [doubled]}
            hourly: {every: 1h, select: [days]}
          """);
      Serving.await(
          () ->
              serving
                  .failures()
                  .contains(
                      ": Schedules trigger each other for ever:"
                          + " shop/marts -> warehouse/stock -> shop/marts"));
      clock.jump(Duration.ofHours(1));
      serving.await("marts", 1);
      assertThat(serving.ticks("hourly")).isEmpty();
      all.take("warehouse", List.of());
      Serving.await(() -> serving.workspace().catalog().schedules().find("hourly").isPresent());
    }
  }

  @Test
  void schedulesFormAChain() {
    TestProject project =
        project(
                """
              marts: {on: {tables: numbers}, select: [doubled]}
              reports: {on: {tables: doubled}, select: [report]}
            """)
            .table("report", "SELECT max(n) AS n FROM doubled");
    try (Serving serving = Serving.start(project, clock);
        Serving other = Serving.start(project, clock)) {
      for (int i = 1; i <= 3; i++) {
        load(serving, project, i);
        serving.await("reports", i);
        assertThat(TestProject.value(serving.workspace(), "SELECT max(n) FROM report"))
            .isEqualTo(2L * i);
      }
      assertThat(serving.over("marts")).extracting(Tick::attempt).containsOnly(1);
      assertThat(other.failures()).isEmpty();
    }
  }

  @Test
  void eachRequestIsRunOnceByTwoServers() {
    TestProject project = project("  hook: {on: {webhook: true}, select: [days]}\n");
    try (Serving one = Serving.start(project, clock);
        Serving other = Serving.start(project, clock)) {
      Set<Long> asked = new HashSet<>();
      for (int i = 0; i < 12; i++) {
        asked.add(ask(one.workspace(), "hook", "2026-01-0" + (i % 3 + 1), "k" + i));
        asked.add(ask(other.workspace(), "hook", "2026-01-0" + (i % 3 + 1), "k" + i));
      }
      assertThat(asked).hasSize(12);
      Serving.await(() -> one.workspace().catalog().requests().waiting().isEmpty());
      Serving.await(() -> one.over("hook").size() == one.ticks("hook").size());
      Set<Long> taken = new HashSet<>();
      for (Tick tick : one.ticks("hook")) {
        assertThat(tick.message()).isEmpty();
        assertThat(tick.attempt()).isEqualTo(1);
        for (Request request : one.workspace().catalog().requests().of("hook", tick.number())) {
          assertThat(request.asked().parameters()).isEqualTo(tick.occasion().parameters());
          assertThat(taken.add(request.id())).isTrue();
        }
      }
      assertThat(taken).isEqualTo(asked);
    }
  }

  @Test
  void whatAScheduleIsAskedForIsRunBesideItsTicks() {
    clock.jumpTo(NOON);
    TestProject project = project("  days: {cron: 0 3 * * *, select: [days]}\n");
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("days"));
      ask(serving.workspace(), "days", "2025-12-31", "k");
      assertThat(serving.await("days", 1).get(0).state()).isEqualTo(State.PUBLISHED);
      assertThat(TestProject.value(serving.workspace(), "SELECT day FROM days"))
          .isEqualTo("2025-12-31");
      clock.jump(Duration.ofHours(16));
      Tick tick = serving.await("days", 2).get(1);
      assertThat(tick.due()).isEqualTo(Instant.parse("2026-11-24T03:00:00Z"));
      assertThat(tick.missed()).isZero();
    }
  }

  @Test
  void aTickThatWaitsTakesNoPlaceAndIsRunWhenAllIsThere() {
    clock.jumpTo(NOON);
    TestProject project =
        project(
            """
              waits: {cron: 0 * * * *, wait_for: {file: in.csv}, deadline: 2h, pool: one}
              other: {cron: 5 * * * *, pool: one}
            pools: {one: 1}
            """);
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().size() == 2);
      clock.jump(Duration.ofMinutes(70));
      serving.await("other", 1);
      assertThat(serving.ticks("waits")).isEmpty();
      project.write("in.csv", "");
      Tick tick = serving.await("waits", 1).get(0);
      assertThat(tick.due()).isEqualTo(NOON.plus(Duration.ofHours(1)));
      assertThat(tick.occasion().ready()).isAfterOrEqualTo(tick.due());
      assertThat(tick.state()).isEqualTo(State.UNCHANGED);
    }
  }

  @Test
  void aTickWhoseDeadlinePassesIsNotRun() {
    clock.jumpTo(NOON);
    TestProject project =
        project("  waits: {cron: 0 * * * *, wait_for: {file: in.csv}, deadline: 10m}\n");
    try (Serving serving = Serving.start(project, clock);
        Serving other = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().size() == 1);
      clock.jump(Duration.ofMinutes(71));
      Tick tick = serving.await("waits", 1).get(0);
      assertThat(tick.state()).isEqualTo(State.LATE);
      assertThat(tick.run()).isEmpty();
      assertThat(tick.message()).isEqualTo("not there by 2026-11-23T13:10:00Z: file in.csv");
      assertThat(serving.project().runs()).isEmpty();
      assertThat(other.project().runs()).isEmpty();
    }
  }

  @Test
  void aProjectThatIsNotServedIsNamed() {
    TestProject project = project("  s: {on: {tables: a, project: elsewhere}}\n");
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> !serving.failures().isEmpty());
      assertThat(serving.failures())
          .containsExactly("s: Cannot look at project 'elsewhere': it is not served here");
    }
  }
}
