package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Tick.State;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose clock is set by an hour, forward and back, while they keep schedules. */
class ClockJumpTest {
  private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_SECONDS = 60;
  private static final Duration PERIOD = Duration.ofMinutes(10);

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();

  private TestProject project(String schedules) {
    return new TestProject(folder.resolve("shop"))
        .table("seconds", "SELECT $moment AS moment")
        .table("last", "SELECT $moment || ', the last' AS moment")
        .table("each", "SELECT $moment || ', each' AS moment")
        .table("prompt", "SELECT $moment || ', prompt' AS moment")
        .table("copy", "SELECT moment FROM seconds")
        .write("headrace.yaml", "parameters: {moment: none}\nschedules:\n" + schedules);
  }

  @Test
  void eachTickIsRunOnceOrShownAsMissed() {
    TestProject project =
        project(
            """
              seconds: {every: 1s, select: [seconds], parameters: {moment: "{time}"}}
              last: {cron: "*/10 * * * *", select: [last], parameters: {moment: "{time}"}}
              each: {cron: "*/10 * * * *", select: [each], parameters: {moment: "{time}"}, catch_up: all}
              prompt: {cron: "*/10 * * * *", select: [prompt], parameters: {moment: "{time}"}, catch_up: none}
            """);
    clock.jumpTo(NOON.plus(PERIOD.dividedBy(2)));
    try (Serving one = Serving.start(project, clock);
        Serving other = Serving.start(project, clock)) {
      one.await("seconds", 1);
      clock.jump(HOUR);
      one.await("each", 6);
      one.await("last", 1);
      one.await("prompt", 1);
      clock.jump(HOUR.negated());
      // What the clock says a second time was said already, whatever there was to do.
      int before = one.await("seconds", 2).size();
      clock.jump(HOUR);
      one.await("seconds", before + 2);
      assertThat(one.over("each")).hasSize(6).extracting(Tick::missed).containsOnly(0L);
      assertThat(one.over("last")).extracting(Tick::missed).containsExactly(5L);
      Tick prompt = one.over("prompt").get(0);
      assertThat(prompt.state()).isEqualTo(State.MISSED);
      assertThat(prompt.missed()).isEqualTo(5);
      requireNoGap(one.ticks("seconds"), Duration.ofSeconds(1));
      requireNoGap(one.ticks("each"), PERIOD);
      requireOnce(one.workspace().catalog(), one.over("seconds"));
      requireOnce(one.workspace().catalog(), one.over("each"));
      assertThat(one.failures()).isEmpty();
      assertThat(other.failures()).isEmpty();
    }
  }

  private static void requireNoGap(List<Tick> ticks, Duration period) {
    for (int i = 1; i < ticks.size(); i++) {
      Duration gap = period.multipliedBy(ticks.get(i).missed() + 1);
      assertThat(ticks.get(i).due()).isEqualTo(ticks.get(i - 1).due().plus(gap));
    }
  }

  private static void requireOnce(Catalog catalog, List<Tick> over) {
    Map<String, Integer> commits = new HashMap<>();
    for (Commit commit : catalog.environments().log("main", Integer.MAX_VALUE)) {
      Runs.Run run = catalog.runs().find(commit.run().orElseThrow()).orElseThrow();
      commits.merge(run.cause(), 1, Integer::sum);
    }
    for (Tick tick : over) {
      assertThat(tick.state()).isEqualTo(State.PUBLISHED);
      assertThat(commits.get(tick.cause())).as(tick.toString()).isEqualTo(1);
    }
  }

  @Test
  void whatIsWatchedIsLookedAtAllTheSameWhenTheClockIsSetBack() {
    TestProject project = project("  copy: {on: {tables: seconds}, select: [copy]}\n");
    clock.jumpTo(NOON);
    try (Serving serving = Serving.start(project, clock)) {
      build(serving, project, 1);
      serving.await("copy", 1);
      clock.jump(HOUR.negated());
      build(serving, project, 2);
      serving.await("copy", 2);
      clock.jump(HOUR);
      build(serving, project, 3);
      assertThat(serving.await("copy", 3)).hasSize(3);
      assertThat(serving.failures()).isEmpty();
    }
  }

  private static void build(Serving serving, TestProject project, int number) {
    project.table("seconds", "SELECT %d AS moment".formatted(number));
    OngoingRun run = serving.project().run(Order.of("ada"), Cancellation.never());
    assertThat(run.result().orElseThrow().commit()).isPresent();
  }

  @Test
  void theLeaseOfADeadServerLastsNoLongerWhenTheClockIsSetBack() {
    TestProject project = project("  hours: {cron: 0 * * * *, select: [seconds]}\n");
    clock.jumpTo(NOON);
    Tick open = Tick.begun("hours", 1, Occasion.at(NOON), 0, NOON);
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(clock))) {
      Catalog catalog = workspace.catalog();
      Fence fence = new Fence("schedule hours", "dead");
      catalog.schedules().keep("hours", NOON);
      assertThat(
              catalog
                  .leases()
                  .tryAcquire(fence.key(), fence.owner(), clock.instant(), Duration.ofSeconds(12)))
          .isTrue();
      assertThat(catalog.schedules().record(open, fence)).isTrue();
    }
    clock.jump(HOUR.negated());
    try (Serving serving = Serving.start(project, clock)) {
      Serving.await(() -> isOverIn(serving, MOST_SECONDS));
      Tick tick = serving.await("hours", 1).get(0);
      assertThat(tick.due()).isEqualTo(open.due());
      assertThat(tick.attempt()).isEqualTo(2);
      assertThat(tick.state()).isEqualTo(State.PUBLISHED);
    }
  }

  /** A second of the clock for each look at it, but not for ever. */
  private boolean isOverIn(Serving serving, int mostSeconds) {
    if (clock.instant().isBefore(NOON.minus(HOUR).plusSeconds(mostSeconds))) {
      clock.jump(Duration.ofMillis(100));
    }
    return !serving.over("hours").isEmpty();
  }
}
