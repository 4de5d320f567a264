package io.headrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.schedule.Trigger.Follow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static Schedule schedule(Trigger trigger, CatchUp catchUp) {
    return schedule(trigger, Optional.empty(), catchUp);
  }

  private static Schedule schedule(Trigger trigger, Optional<WaitFor> waitFor, CatchUp catchUp) {
    return new Schedule(
        "s",
        "",
        trigger,
        waitFor,
        List.of(),
        "main",
        new TreeMap<>(Map.of("day", "{date}", "at", "{time}", "kind", "x")),
        catchUp,
        Schedule.DEFAULT_POOL,
        0,
        Optional.empty());
  }

  private static Optional<Due> due(CatchUp catchUp, Duration since, Duration late) {
    Schedule schedule = schedule(new Every(Duration.ofMinutes(10)), catchUp);
    return schedule.due(NOON.minus(since), NOON.plus(late));
  }

  @Test
  void periodsAreCountedFromTheBeginningOfTime() {
    Every every = new Every(Duration.ofMinutes(15));
    assertThat(every.next(NOON)).isEqualTo(NOON.plus(Duration.ofMinutes(15)));
    assertThat(every.next(NOON.minusSeconds(1))).isEqualTo(NOON);
    assertThat(every.next(Instant.parse("1969-12-31T23:50:00Z")))
        .isEqualTo(Instant.parse("1970-01-01T00:00:00Z"));
  }

  @Test
  void nothingIsDueBeforeItsTime() {
    assertThat(due(CatchUp.ALL, Duration.ZERO, Duration.ofMinutes(9))).isEmpty();
    assertThat(due(CatchUp.LAST, Duration.ZERO, Duration.ofMinutes(9))).isEmpty();
  }

  @Test
  void oneThatIsInTimeIsRunWhateverThePolicy() {
    for (CatchUp catchUp : CatchUp.values()) {
      assertThat(due(catchUp, Duration.ofMinutes(10), Duration.ofSeconds(1)))
          .contains(new Due(NOON, 0, true));
    }
  }

  @Test
  void theLastStandsForTheOthers() {
    assertThat(due(CatchUp.LAST, Duration.ofMinutes(30), Duration.ofMinutes(5)))
        .contains(new Due(NOON, 2, true));
  }

  @Test
  void allAreRunInTheirOrder() {
    assertThat(due(CatchUp.ALL, Duration.ofMinutes(30), Duration.ofMinutes(5)))
        .contains(new Due(NOON.minus(Duration.ofMinutes(20)), 0, true));
  }

  @Test
  void noneIsRunThatIsLate() {
    assertThat(due(CatchUp.NONE, Duration.ofMinutes(30), Duration.ofMinutes(5)))
        .contains(new Due(NOON, 2, false));
  }

  @Test
  void manyTicksAreCountedInStepsAndNoneIsForgotten() {
    Schedule schedule = schedule(new Every(Duration.ofSeconds(1)), CatchUp.LAST);
    Instant after = NOON.minusSeconds(25_000);
    long dealtWith = 0;
    int steps = 0;
    Optional<Due> due = schedule.due(after, NOON);
    while (due.isPresent()) {
      dealtWith += 1 + due.get().missed();
      after = due.get().tick();
      steps++;
      boolean isLast = after.equals(NOON);
      assertThat(due.get().runs()).isEqualTo(isLast);
      due = schedule.due(after, NOON);
    }
    assertThat(dealtWith).isEqualTo(25_000);
    assertThat(steps).isEqualTo(3);
  }

  @Test
  void whatFollowsIsNeverDue() {
    Schedule schedule = schedule(new Follow(Duration.ofSeconds(1)), CatchUp.LAST);
    assertThat(schedule.due(Instant.EPOCH, NOON)).isEmpty();
    assertThat(schedule.next(NOON)).isEmpty();
  }

  @Test
  void parametersKnowTheTick() {
    Trigger trigger = Cron.parse("0 0 * * *", ZoneId.of("Asia/Tokyo"));
    Instant tick = Instant.parse("2026-11-23T15:00:00Z");
    assertThat(schedule(trigger, CatchUp.LAST).parametersAt(tick))
        .containsExactly(
            Map.entry("at", "2026-11-23T15:00:00Z"),
            Map.entry("day", "2026-11-24"),
            Map.entry("kind", "x"));
  }

  private static Schedule waiting(CatchUp catchUp) {
    WaitFor.Input file = new WaitFor.File("a.csv", Duration.ZERO);
    return schedule(
        new Every(Duration.ofMinutes(10)),
        Optional.of(new WaitFor(List.of(file), Optional.of(Duration.ofMinutes(25)), false)),
        catchUp);
  }

  @Test
  void aDeadlineIsThatOfEachTick() {
    Instant before = NOON.minus(Duration.ofMinutes(10));
    for (CatchUp catchUp : CatchUp.values()) {
      assertThat(waiting(catchUp).late(before, NOON.plus(Duration.ofMinutes(24)))).isEmpty();
      assertThat(waiting(catchUp).late(before, NOON.plus(Duration.ofMinutes(25))))
          .contains(new Due(NOON, 0, true));
    }
    Instant later = NOON.plus(Duration.ofMinutes(48));
    assertThat(waiting(CatchUp.LAST).late(before, later))
        .contains(new Due(NOON.plus(Duration.ofMinutes(20)), 2, true));
    assertThat(waiting(CatchUp.ALL).late(before, later)).contains(new Due(NOON, 0, true));
    assertThat(schedule(new Every(Duration.ofMinutes(10)), CatchUp.LAST).late(before, later))
        .isEmpty();
  }

  @Test
  void whoMayWaitIsInTimeUntilTheDeadline() {
    Instant before = NOON.plus(Duration.ofMinutes(10));
    Instant tick = NOON.plus(Duration.ofMinutes(20));
    assertThat(waiting(CatchUp.NONE).due(before, tick.plus(Duration.ofMinutes(9))))
        .contains(new Due(tick, 0, true));
  }

  @Test
  void changesAreDueWhenTheyHaveSettledOrTakeTooLong() {
    Trigger.OnTables on =
        new Trigger.OnTables(
            List.of(new Watch(Optional.of("shop"), "main", List.of("a", "b.*"))),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10));
    assertThat(on.due(NOON, NOON.plusSeconds(40))).isEqualTo(NOON.plusSeconds(70));
    assertThat(on.due(NOON, NOON.plusSeconds(590))).isEqualTo(NOON.plusSeconds(600));
    assertThat(on.watches().get(0).text()).isEqualTo("a, b.* of shop/main");
    assertThat(schedule(on, CatchUp.LAST).upstreams()).containsExactly("shop");
    assertThat(schedule(on, CatchUp.LAST).next(NOON)).isEmpty();
  }
}
