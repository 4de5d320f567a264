package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.run.RunResult;
import io.headrace.schedule.Schedule;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.ServedProject;
import io.headrace.trigger.Asking;
import io.headrace.trigger.Outlook;
import io.headrace.trigger.Upstreams;
import io.headrace.trigger.Verdict;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What schedules are due for, without anybody who keeps them. */
class OutlookTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration TTL = Duration.ofDays(9);

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();

  @SuppressWarnings("NullAway.Init") // by each test
  private TestProject project;

  @SuppressWarnings("NullAway.Init") // by each test
  private Workspace workspace;

  private void open(String schedule) {
    clock.jumpTo(NOON);
    project =
        new TestProject(folder.resolve("shop"))
            .write("tables/numbers.csv", "n\n1\n")
            .table("doubled", "SELECT n * 2 AS n FROM numbers")
            .write(
                "headrace.yaml", "parameters: {day: none}\nschedules: {s: %s}".formatted(schedule));
    workspace = project.open(TestProject.Parts.USUAL.with(clock));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Catalog catalog() {
    return workspace.catalog();
  }

  private Schedule schedule() {
    return Objects.requireNonNull(workspace.readSettings().schedules().get("s"));
  }

  private Standing standing() {
    return catalog().schedules().keep("s", clock.instant());
  }

  private Verdict look() {
    return look(Upstreams.NONE);
  }

  private Verdict look(Upstreams upstreams) {
    return new Outlook(workspace, upstreams).of(schedule(), standing(), clock.instant());
  }

  private Verdict.Begin begins(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Begin.class);
    return (Verdict.Begin) verdict;
  }

  /** Records that what is due was done. */
  private Tick done(Verdict verdict) {
    Verdict.Begin begin = begins(verdict);
    Fence fence = new Fence("schedule s", "me");
    catalog().leases().tryAcquire(fence.key(), fence.owner(), clock.instant(), TTL);
    Tick tick =
        Tick.begun("s", standing().nextNumber(), begin.occasion(), begin.missed(), clock.instant());
    assertThat(catalog().schedules().record(tick, begin.requests(), fence)).isTrue();
    Tick over = tick.over(Tick.State.PUBLISHED, Optional.empty(), "", clock.instant());
    assertThat(catalog().schedules().record(over, fence)).isTrue();
    return over;
  }

  private long publish(int number, String... select) {
    project.write("tables/numbers.csv", "n\n%d\n".formatted(number));
    RunResult result = new TestRun().select(select).in(workspace);
    return result.commit().orElseThrow();
  }

  private static void assertIdle(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Idle.class);
  }

  @Test
  void aCommitThatMovesAWatchedTableIsDueOnce() {
    open("{on: {tables: [num*]}}");
    assertIdle(look());
    long commit = publish(1);
    Tick tick = done(look());
    assertThat(tick.occasion().reached().positions())
        .containsExactly(Map.entry("main", String.valueOf(commit)));
    assertIdle(look());
    publish(2, "numbers");
    publish(3, "numbers");
    done(look());
    assertIdle(look());
    project.table("other", "SELECT 1 AS n");
    new TestRun().select("other").in(workspace);
    assertIdle(look());
  }

  @Test
  void aCommitDuringARunIsSeenByTheNextLook() {
    open("{on: {tables: numbers}}");
    publish(1);
    Verdict begun = look();
    publish(2);
    done(begun);
    done(look());
    assertIdle(look());
  }

  @Test
  void itsOwnCommitsDoNotCount() {
    open("{on: {tables: '*'}}");
    publish(1);
    done(look());
    project.write("tables/numbers.csv", "n\n7\n");
    try (ServedProject served =
        new ServedProject("shop", workspace, 2, new SplittableRandom(), Pause.REAL)) {
      served.run(Order.of("schedule s"), Cancellation.never());
      assertIdle(look());
      project.write("tables/numbers.csv", "n\n8\n");
      served.run(Order.of("schedule t"), Cancellation.never());
      begins(look());
    }
  }

  @Test
  void changesAreLeftToSettleButNotForEver() {
    open("{on: {tables: numbers}, settle: 1m, at_most: 150s}");
    look();
    publish(1);
    clock.jump(Duration.ofMinutes(9));
    done(look());
    Instant first = at(publish(2));
    Verdict.Idle idle = (Verdict.Idle) look();
    assertThat(idle.next()).contains(first.plusSeconds(60));
    clock.jump(Duration.ofSeconds(50));
    Instant second = at(publish(3));
    clock.jump(Duration.ofSeconds(50));
    assertThat(((Verdict.Idle) look()).next()).contains(second.plusSeconds(60));
    publish(4);
    assertThat(((Verdict.Idle) look()).next()).contains(first.plusSeconds(150));
    clock.jump(Duration.ofSeconds(60));
    assertThat(done(look()).due()).isEqualTo(first.plusSeconds(150));
    assertIdle(look());
  }

  private Instant at(long commit) {
    return catalog().environments().findCommit(commit).map(Commit::at).orElseThrow();
  }

  @Test
  void otherProjectsAndEnvironmentsAreWatchedToo() {
    open("{on: [{tables: numbers, project: other}, {tables: numbers, environment: dev}]}");
    publish(1);
    TestProject other =
        new TestProject(folder.resolve("other")).write("tables/numbers.csv", "n\n1\n");
    try (Workspace second = other.open(TestProject.Parts.USUAL.with(clock))) {
      Upstreams both =
          name -> name.equals("other") ? Optional.of(second.catalog()) : Optional.empty();
      assertIdle(look(both));
      TestRun.of(second);
      assertIdle(look());
      Tick tick = done(look(both));
      assertThat(tick.occasion().reached().positions()).containsOnlyKeys("other/main");
      assertIdle(look(both));
      catalog()
          .environments()
          .create("dev", Optional.of(catalog().environments().head("main")), clock.instant());
      assertThat(done(look(both)).occasion().reached().positions())
          .containsOnlyKeys("dev", "other/main");
      assertIdle(look(both));
      new TestRun().environment("dev").refresh("numbers").in(workspace);
      project.write("tables/numbers.csv", "n\n5\n");
      new TestRun().environment("dev").in(workspace);
      done(look(both));
      assertIdle(look(both));
    }
  }

  private long ask(String day) {
    return new Asking(workspace)
        .ask(schedule(), Optional.empty(), new TreeMap<>(Map.of("day", day)), "ada")
        .id();
  }

  @Test
  void requestsForTheSameAreOneTick() {
    open("{on: {webhook: true}}");
    assertIdle(look());
    long one = ask("x");
    long other = ask("y");
    long third = ask("x");
    assertThat(begins(look()).requests()).containsExactly(one, third);
    assertThat(done(look()).occasion().parameters()).containsEntry("day", "x");
    assertThat(begins(look()).requests()).containsExactly(other);
    assertThat(done(look()).occasion().parameters()).containsEntry("day", "y");
    assertIdle(look());
  }

  @Test
  void aRequestLeavesNoGapInTheTicksOfAClock() {
    open("{cron: 0 * * * *}");
    assertThat(((Verdict.Idle) look()).next()).contains(NOON.plus(Duration.ofHours(1)));
    ask("x");
    clock.jump(Duration.ofMinutes(30));
    done(look());
    assertThat(((Verdict.Idle) look()).next()).contains(NOON.plus(Duration.ofHours(1)));
    clock.jump(Duration.ofHours(2));
    ask("x");
    Verdict.Begin begin = begins(look());
    assertThat(begin.occasion().due()).isEqualTo(NOON.plus(Duration.ofHours(2)));
    assertThat(begin.missed()).isEqualTo(1);
    assertThat(begin.requests()).isEmpty();
    done(begin);
    assertThat(begins(look()).requests()).hasSize(1);
  }

  @Test
  void aPauseKeepsRequestsAndChanges() {
    open("{on: {tables: numbers}}");
    publish(1);
    done(look());
    catalog().schedules().pause("s", "ada", clock.instant());
    publish(2);
    ask("x");
    assertIdle(look());
    catalog().schedules().resume("s", clock.instant());
    done(look());
    done(look());
    assertIdle(look());
  }

  private Verdict.Waits waits() {
    Verdict verdict = look();
    assertThat(verdict).isInstanceOf(Verdict.Waits.class);
    return (Verdict.Waits) verdict;
  }

  @Test
  void aTickWaitsForATableThatSomebodyElseLooksAt() {
    open("{cron: 0 * * * *, wait_for: {table: numbers}, deadline: 30m}");
    look();
    publish(1);
    assertThat(((Verdict.Idle) look()).next()).contains(NOON.plus(Duration.ofHours(1)));
    clock.jump(Duration.ofHours(1));
    assertThat(begins(look()).occasion().due()).isEqualTo(NOON.plus(Duration.ofHours(1)));
    done(look());
    clock.jump(Duration.ofHours(1));
    assertThat(waits().lacks()).containsExactly("table numbers");
    assertThat(waits().until()).contains(NOON.plus(Duration.ofMinutes(150)));
    new TestRun().select("doubled").in(workspace);
    waits();
    clock.jump(Duration.ofMinutes(10));
    assertThat(TestRun.of(workspace).commit()).isEmpty();
    Occasion occasion = begins(look()).occasion();
    assertThat(occasion.due()).isEqualTo(NOON.plus(Duration.ofHours(2)));
    assertThat(occasion.ready())
        .isBetween(NOON.plus(Duration.ofMinutes(130)), NOON.plus(Duration.ofMinutes(131)));
    assertThat(occasion.lacks()).isEmpty();
  }

  @Test
  void aTableOfAProjectThatIsNotServedIsNotThere() {
    open("{cron: 0 * * * *, wait_for: {table: a, project: other}}");
    look();
    clock.jump(Duration.ofHours(1));
    assertThat(waits().lacks()).containsExactly("table a of other/main (not known here)");
  }

  @Test
  void aTableMayBeOfSomeAge() {
    open("{cron: 0 * * * *, wait_for: {table: numbers, newer_than: 90m}}");
    publish(1);
    look();
    clock.jump(Duration.ofHours(1));
    done(look());
    clock.jump(Duration.ofHours(1));
    assertThat(waits().until()).isEmpty();
    TestRun.of(workspace);
    done(look());
    clock.jump(Duration.ofHours(1));
    begins(look());
  }

  @Test
  void aTickWaitsForAFileOfItsDayThatNobodyWritesAnyMore() throws Exception {
    open("{cron: 0 * * * *, wait_for: {file: 'in/orders-{date}*.csv', settle: 5m}}");
    look();
    clock.jump(Duration.ofHours(1));
    assertThat(waits().lacks()).containsExactly("file in/orders-2026-11-23*.csv");
    project.write("in/orders-2026-11-22.csv", "").write("in/orders-2026-11-23b.csv", "");
    Path file = project.root().resolve("in/orders-2026-11-23b.csv");
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    waits();
    clock.jump(Duration.ofMinutes(4));
    waits();
    clock.jump(Duration.ofMinutes(2));
    assertThat(begins(look()).occasion().ready())
        .isBetween(NOON.plus(Duration.ofMinutes(65)), NOON.plus(Duration.ofMinutes(66)));
  }

  @Test
  void aDeadlineThatPassesIsRecordedOnceForAllTicksBeforeIt() {
    open("{cron: 0 * * * *, wait_for: [{table: numbers}, {file: x}], deadline: 90m}");
    look();
    clock.jump(Duration.ofHours(3));
    Verdict.GiveUp late = (Verdict.GiveUp) look();
    assertThat(late.state()).isEqualTo(Tick.State.LATE);
    assertThat(late.occasion().due()).isEqualTo(NOON.plus(Duration.ofHours(1)));
    assertThat(late.occasion().lacks()).isEqualTo("table numbers, file x");
    assertThat(late.message())
        .isEqualTo("not there by 2026-11-23T14:30:00Z: table numbers, file x");
    clock.jump(Duration.ofHours(3));
    Verdict.GiveUp later = (Verdict.GiveUp) look();
    assertThat(later.occasion().due()).isEqualTo(NOON.plus(Duration.ofHours(4)));
    assertThat(later.missed()).isEqualTo(3);
  }

  @Test
  void aTickMayBeRunWithoutWhatItWaitedFor() {
    open("{cron: 0 * * * *, wait_for: {file: x}, deadline: 5m, late: run}");
    look();
    clock.jump(Duration.ofMinutes(64));
    waits();
    clock.jump(Duration.ofMinutes(2));
    Occasion occasion = begins(look()).occasion();
    assertThat(occasion.lacks()).isEqualTo("file x");
    assertThat(occasion.ready()).isEqualTo(NOON.plus(Duration.ofMinutes(65)));
  }

  @Test
  void whatIsThereInTheEndIsRunForTheLastTick() {
    open("{cron: 0 * * * *, wait_for: {file: x}, deadline: 90m}");
    look();
    clock.jump(Duration.ofHours(6));
    project.write("x", "");
    Verdict.Begin begin = begins(look());
    assertThat(begin.occasion().due()).isEqualTo(NOON.plus(Duration.ofHours(6)));
    assertThat(begin.missed()).isEqualTo(5);
    assertThat(List.of(begin.occasion().lacks())).containsExactly("");
  }
}
