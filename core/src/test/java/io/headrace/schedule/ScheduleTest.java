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
    return new Schedule(
        "s",
        "",
        trigger,
        List.of(),
        "main",
        new TreeMap<>(Map.of("day", "{date}", "at", "{time}", "kind", "x")),
        catchUp,
        Schedule.DEFAULT_POOL,
        0);
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
}
