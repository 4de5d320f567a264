package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Tick.State;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.maintain.Garbage;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();

  private TestProject project(String schedules) {
    return new TestProject(folder.resolve("shop"))
        .write("tables/numbers.csv", "n\n1\n")
        .table("doubled", "SELECT n * 2 AS n FROM numbers")
        .write("headrace.yaml", "parameters: {day: none}\n" + schedules);
  }

  /** Each tick between the first and the last is one that was dealt with, or counted as missed. */
  private static void assertNoneIsForgotten(List<Tick> ticks, Duration period) {
    for (int i = 1; i < ticks.size(); i++) {
      Instant before = ticks.get(i - 1).due();
      Tick tick = ticks.get(i);
      assertThat(tick.due()).isEqualTo(before.plus(period.multipliedBy(tick.missed() + 1)));
    }
  }

  @Test
  void eachTickIsRunOnce() {
    try (Serving serving = Serving.start(project("schedules: {often: {every: 1s}}"), clock)) {
      List<Tick> ticks = serving.await("often", 4);
      assertNoneIsForgotten(ticks, SECOND);
      assertThat(ticks.get(0).state()).isEqualTo(State.PUBLISHED);
      assertThat(ticks.subList(1, 4)).extracting(Tick::state).containsOnly(State.UNCHANGED);
      assertThat(ticks).extracting(Tick::attempt).containsOnly(1);
      assertThat(serving.workspace().catalog().environments().log("main", 9))
          .singleElement()
          .matches(commit -> commit.author().equals("schedule often"));
    }
  }

  @Test
  void twoServersShareTheTicks() {
    TestProject project = project("schedules: {often: {every: 1s}}");
    try (Serving one = Serving.start(project, clock);
        Serving other = Serving.start(project, clock)) {
      List<Tick> ticks = one.await("often", 6);
      assertNoneIsForgotten(ticks, SECOND);
      assertThat(ticks).extracting(Tick::attempt).containsOnly(1);
      assertThat(one.failures()).isEmpty();
      assertThat(other.failures()).isEmpty();
      // Each run is one server's: the other knows nothing of it.
      assertThat(one.project().runs().size() + other.project().runs().size())
          .isBetween(ticks.size(), ticks.size() + 1);
    }
  }

  @Test
  void theLastTickStandsForThoseThatNobodyRan() {
    clock.jumpTo(NOON);
    TestProject project = project("schedules: {hours: {cron: 0 * * * *}}");
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("hours"));
      clock.jump(Duration.ofHours(5));
      Tick tick = serving.await("hours", 1).get(0);
      assertThat(tick.due()).isEqualTo(NOON.plus(Duration.ofHours(5)));
      assertThat(tick.missed()).isEqualTo(4);
    }
  }

  @Test
  void allTicksAreRunIfTheScheduleSaysSo() {
    clock.jumpTo(NOON);
    TestProject project =
        project(
                """
            schedules:
              days:
                cron: 0 3 * * *
                catch_up: all
                parameters: {day: "{date}"}
            """)
            .table("days", "SELECT $day AS day");
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("days"));
      clock.jump(Duration.ofDays(3));
      List<Tick> ticks = serving.await("days", 3);
      assertThat(ticks).extracting(Tick::message).containsOnly("");
      assertThat(ticks).extracting(Tick::missed).containsOnly(0L);
      assertNoneIsForgotten(ticks, Duration.ofDays(1));
      assertThat(TestProject.value(serving.workspace(), "SELECT day FROM days"))
          .hasToString("2026-11-26");
      new Garbage(serving.workspace()).collect(Duration.ofDays(1), false);
      assertThat(serving.ticks("days")).hasSize(1);
    }
  }

  @Test
  void noTickThatIsLateIsRunIfTheScheduleSaysSo() {
    clock.jumpTo(NOON.plus(Duration.ofMinutes(30)));
    TestProject project = project("schedules: {hours: {cron: 0 * * * *, catch_up: none}}");
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("hours"));
      clock.jump(Duration.ofHours(5));
      Tick tick = serving.await("hours", 1).get(0);
      assertThat(tick.state()).isEqualTo(State.MISSED);
      assertThat(tick.missed()).isEqualTo(4);
      assertThat(tick.run()).isEmpty();
    }
  }

  @Test
  void aClockThatIsSetBackRepeatsNoTick() {
    clock.jumpTo(NOON);
    TestProject project = project("schedules: {often: {every: 1s}}");
    try (Serving serving = Serving.start(project, clock)) {
      serving.await("often", 2);
      clock.jump(Duration.ofHours(-1));
      sleep(Duration.ofSeconds(2));
      int before = serving.ticks("often").size();
      sleep(Duration.ofSeconds(3));
      assertThat(serving.ticks("often")).hasSize(before);
      clock.jump(Duration.ofHours(1));
      List<Tick> ticks = serving.await("often", before + 2);
      assertNoneIsForgotten(ticks, SECOND);
      assertThat(ticks).extracting(Tick::attempt).containsOnly(1);
    }
  }

  @Test
  void aPauseLetsNothingBeRunAndNothingBeMissed() {
    TestProject project = project("schedules: {often: {every: 1s}}");
    try (Serving serving = Serving.start(project, clock)) {
      serving.await("often", 1);
      Schedules schedules = serving.workspace().catalog().schedules();
      schedules.pause("often", "ada", clock.instant());
      Serving.await(
          () -> serving.ticks("often").stream().noneMatch(tick -> tick.state() == State.RUNNING));
      int before = serving.ticks("often").size();
      clock.jump(Duration.ofMinutes(10));
      sleep(Duration.ofSeconds(2));
      assertThat(serving.ticks("often").size() - before).isLessThanOrEqualTo(1);
      int paused = serving.ticks("often").size();
      schedules.resume("often", clock.instant());
      List<Tick> ticks = serving.await("often", paused + 2);
      assertThat(ticks).extracting(Tick::missed).allMatch(missed -> missed < 10);
    }
  }

  @Test
  void aTickThatFailsSaysWhyAndTheNextIsRunAllTheSame() {
    TestProject project =
        project("schedules: {often: {every: 1s}}")
            .table("broken", "SELECT CAST(error('no luck') AS INTEGER) AS n FROM numbers");
    try (Serving serving = Serving.start(project, clock)) {
      List<Tick> ticks = serving.await("often", 2);
      assertThat(ticks).extracting(Tick::state).containsOnly(State.FAILED);
      assertThat(ticks.get(0).message()).contains("broken").contains("no luck");
      project.delete("tables/broken.sql");
      Serving.await(
          () -> serving.over("often").stream().anyMatch(tick -> tick.state() == State.PUBLISHED));
    }
  }

  @Test
  void aProjectThatDoesNotReadFailsTheTickAndKeepsTheSchedule() throws Exception {
    TestProject project = project("schedules: {often: {every: 1s}}");
    try (Serving serving = Serving.start(project, clock)) {
      serving.await("often", 1);
      project.write("headrace.yaml", "schedules: {often: {every: 1s, colour: red}}");
      touch(project.root().resolve("headrace.yaml"));
      Serving.await(
          () ->
              serving.over("often").stream()
                  .anyMatch(tick -> tick.message().contains("Unknown key 'colour'")));
      Serving.await(() -> !serving.failures().isEmpty());
      assertThat(serving.failures().get(0)).contains("Unknown key 'colour'");
    }
  }

  @Test
  void schedulesThatChangeAreTakenOver() throws Exception {
    TestProject project = project("schedules: {often: {every: 1s}}");
    try (Serving serving = Serving.start(project, clock)) {
      serving.await("often", 1);
      project.write("headrace.yaml", "parameters: {day: x}\nschedules: {other: {every: 1s}}");
      touch(project.root().resolve("headrace.yaml"));
      serving.await("other", 1);
      int before = serving.ticks("often").size();
      serving.await("other", 3);
      assertThat(serving.ticks("often")).hasSize(before);
    }
  }

  /** File systems whose times are coarse would not tell two writes from each other. */
  private static void touch(Path file) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
  }

  @Test
  void whatADeadServerPublishedIsNotRunAgain() {
    clock.jumpTo(NOON);
    TestProject project = project("schedules: {hours: {cron: 0 * * * *}}");
    Tick open = begin(project, NOON);
    try (Serving dead = Serving.withoutSchedules(project)) {
      Order order =
          Order.of("schedule hours").because(open.cause(), new Fence("schedule hours", "dead"));
      OngoingRun run = dead.project().run(order, Cancellation.never());
      assertThat(run.result().orElseThrow().commit()).isPresent();
    }
    clock.jump(Duration.ofSeconds(15));
    try (Serving serving = Serving.start(project, clock)) {
      Tick tick = serving.await("hours", 1).get(0);
      assertThat(tick.due()).isEqualTo(open.due());
      assertThat(tick.state()).isEqualTo(State.PUBLISHED);
      assertThat(tick.attempt()).isEqualTo(1);
      assertThat(serving.project().runs()).isEmpty();
    }
  }

  @Test
  void whatADeadServerBeganIsRunAgainWhenItsLeaseIsOver() {
    clock.jumpTo(NOON);
    TestProject project = project("schedules: {hours: {cron: 0 * * * *}}");
    Tick open = begin(project, NOON);
    try (Serving serving = Serving.start(project, clock)) {
      sleep(Duration.ofSeconds(3));
      assertThat(serving.over("hours")).isEmpty();
      clock.jump(Duration.ofSeconds(15));
      Tick tick = serving.await("hours", 1).get(0);
      assertThat(tick.due()).isEqualTo(open.due());
      assertThat(tick.state()).isEqualTo(State.PUBLISHED);
      assertThat(tick.attempt()).isEqualTo(2);
    }
  }

  /** As a server leaves it that was killed just after it began. */
  private Tick begin(TestProject project, Instant due) {
    Tick tick = Tick.begun("hours", 1, Occasion.at(due), 0, due.truncatedTo(ChronoUnit.MILLIS));
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(clock))) {
      Fence fence = new Fence("schedule hours", "dead");
      workspace.catalog().schedules().keep("hours", due);
      workspace
          .catalog()
          .leases()
          .tryAcquire(fence.key(), fence.owner(), clock.instant(), Duration.ofSeconds(12));
      assertThat(workspace.catalog().schedules().record(tick, fence)).isTrue();
    }
    return tick;
  }

  @Test
  void whoWasPausedTooLongPublishesNothing() {
    TestProject project = project("");
    try (Serving zombie = Serving.withoutSchedules(project)) {
      Fence fence = new Fence("schedule hours", "zombie");
      Workspace workspace = zombie.workspace();
      workspace
          .catalog()
          .leases()
          .tryAcquire(fence.key(), "another", clock.instant(), Duration.ofSeconds(12));
      OngoingRun run =
          zombie
              .project()
              .run(Order.of("zombie").because("schedule hours at x", fence), Cancellation.never());
      assertThat(run.failure().orElseThrow())
          .hasMessage(
              "Cannot publish to environment 'main': another has taken 'schedule hours' over");
      assertThat(workspace.catalog().environments().head("main").versions()).isEmpty();
    }
  }

  @Test
  void aPoolHasAsManyRunsAsPlacesAndThoseOfHighPriorityGoFirst() {
    TestProject project =
        project(
                """
            pools: {one: 1}
            schedules:
              low: {cron: 0 * * * *, pool: one, select: [low]}
              high: {cron: 0 * * * *, pool: one, select: [high], priority: 9}
              medium: {cron: 0 * * * *, pool: one, select: [medium], priority: 5}
            """)
            .table("low", "SELECT 1 AS n")
            .table("medium", "SELECT 1 AS n")
            .table("high", "SELECT 1 AS n");
    clock.jumpTo(NOON);
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().size() == 3);
      clock.jump(Duration.ofHours(1));
      Tick high = serving.await("high", 1).get(0);
      Tick medium = serving.await("medium", 1).get(0);
      Tick low = serving.await("low", 1).get(0);
      assertThat(high.finishedAt().orElseThrow()).isBeforeOrEqualTo(medium.startedAt());
      assertThat(medium.finishedAt().orElseThrow()).isBeforeOrEqualTo(low.startedAt());
    }
  }

  @Test
  void whatIsFollowedIsUpToDateUntilItIsPaused() {
    TestProject project =
        project("schedules: {live: {follow: 1s}}")
            .write("tables/files.yaml", "files: data/*.csv\n")
            .write("data/a.csv", "n\n1\n");
    try (Serving serving = Serving.start(project, clock)) {
      Workspace workspace = serving.workspace();
      Serving.await(() -> count(workspace) == 1);
      project.write("data/b.csv", "n\n2\n3\n");
      Serving.await(() -> count(workspace) == 3);
      assertThat(serving.project().runs()).hasSizeGreaterThan(1);
      workspace.catalog().schedules().pause("live", "ada", clock.instant());
      Serving.await(() -> !isKept(workspace, "live"));
      project.write("data/c.csv", "n\n4\n");
      sleep(Duration.ofSeconds(2));
      assertThat(count(workspace)).isEqualTo(3);
      workspace.catalog().schedules().resume("live", clock.instant());
      Serving.await(() -> count(workspace) == 4);
    }
  }

  /** Whether somebody holds the lease of a schedule. */
  private boolean isKept(Workspace workspace, String schedule) {
    String key = "schedule " + schedule;
    boolean isFree =
        workspace
            .catalog()
            .leases()
            .tryAcquire(key, "test", clock.instant(), Duration.ofSeconds(1));
    workspace.catalog().leases().release(key, "test");
    return !isFree;
  }

  private static long count(Workspace workspace) {
    return workspace.catalog().environments().head("main").versions().size() < 3
        ? -1
        : (long) TestProject.value(workspace, "SELECT count(*) FROM files");
  }

  @Test
  void aServerThatStopsLeavesItsTickToTheNext() {
    clock.jumpTo(NOON);
    TestProject project =
        project("schedules: {hours: {cron: 0 * * * *}}")
            .table(
                "slow",
                "SELECT sum(a.range * b.range % 7) AS n FROM range(60000) a, range(60000) b");
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> serving.workspace().catalog().schedules().all().containsKey("hours"));
      clock.jump(Duration.ofHours(1));
      Serving.await(() -> !serving.ticks("hours").isEmpty());
    }
    project.table("slow", "SELECT 1 AS n");
    try (Serving serving = Serving.start(project, clock)) {
      Tick tick = serving.await("hours", 1).get(0);
      assertThat(tick.attempt()).isEqualTo(2);
      assertThat(tick.state()).isEqualTo(State.PUBLISHED);
    }
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
