package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Occasion.Reached;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Schedules.Pause;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Tick.State;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link io.headrace.catalog.Schedules} must do. */
abstract class SchedulesContract extends CatalogContract {
  private static final Fence MINE = new Fence("schedule s", "me");

  @BeforeEach
  void takeTheLease() {
    catalog.leases().tryAcquire(MINE.key(), MINE.owner(), T0, TTL);
  }

  private static Tick tick(String schedule, int minute, State state) {
    return new Tick(
        schedule,
        minute,
        Occasion.at(minute(minute)),
        state,
        3,
        1,
        state == State.MISSED ? Optional.empty() : Optional.of("r" + minute),
        minute(minute),
        state == State.RUNNING ? Optional.empty() : Optional.of(minute(minute + 1)),
        state == State.FAILED ? "why" : "");
  }

  private void record(Tick tick) {
    catalog.schedules().keep(tick.schedule(), minute(0));
    assertThat(catalog.schedules().record(tick, MINE)).isTrue();
  }

  @Test
  void aScheduleCountsFromWhenItIsFirstSeen() {
    Standing standing = Standing.none(minute(1));
    assertThat(catalog.schedules().find("s")).isEmpty();
    assertThat(catalog.schedules().keep("s", minute(1))).isEqualTo(standing);
    assertThat(catalog.schedules().find("s")).contains(standing);
    assertThat(reopen().schedules().keep("s", minute(9))).isEqualTo(standing);
    assertThat(catalog.schedules().all()).containsOnlyKeys("s").containsValue(standing);
  }

  @Test
  void aTickThatWasDealtWithIsWhereItGoesOn() {
    catalog.schedules().keep("s", minute(0));
    record(tick("s", 5, State.PUBLISHED));
    record(tick("other", 7, State.PUBLISHED));
    Standing standing = reopen().schedules().keep("s", minute(9));
    assertThat(standing.after()).isEqualTo(minute(5));
    assertThat(standing.open()).isEmpty();
    assertThat(catalog.schedules().all())
        .containsEntry("s", standing)
        .containsOnlyKeys("s", "other");
  }

  @Test
  void howFarItLookedIsRememberedBesideTheClock() {
    Reached reached = new Reached(minute(5), new TreeMap<>(Map.of("shop/main", "41", "main", "7")));
    Occasion occasion =
        new Occasion(
            minute(6), minute(7), "file a&b", reached, new TreeMap<>(Map.of("day", "1=2 3")));
    catalog.schedules().keep("s", minute(0));
    record(tick("s", 5, State.PUBLISHED));
    Tick tick = Tick.begun("s", 6, occasion, 2, minute(8));
    record(tick);
    Standing standing = reopen().schedules().find("s").orElseThrow();
    assertThat(standing.last()).contains(tick);
    assertThat(standing.reached()).isEqualTo(reached);
    assertThat(standing.after()).isEqualTo(minute(5));
    assertThat(standing.nextNumber()).isEqualTo(7);
    assertThat(Standing.none(minute(1)).nextNumber()).isEqualTo(1);
    Tick other = Tick.begun("s", 7, occasion, 0, minute(8));
    assertThat(tick.cause()).isNotEqualTo(other.cause());
  }

  @Test
  void aTickComesFromTheSameWhenItIsReadAgain() {
    Instant due = minute(5).plusNanos(123_456_789);
    Occasion occasion =
        new Occasion(due, due, "", new Reached(due, new TreeMap<>()), new TreeMap<>());
    catalog.schedules().keep("s", minute(0));
    Tick tick = Tick.begun("s", 1, occasion, 0, minute(6));
    record(tick);
    assertThat(reopen().schedules().find("s").orElseThrow().last().orElseThrow().cause())
        .isEqualTo(tick.cause());
  }

  @Test
  void aTickDoesNotBringARemovedScheduleBack() {
    catalog.schedules().keep("s", minute(0));
    record(tick("s", 5, State.RUNNING));
    catalog.schedules().remove("s");
    assertThat(catalog.schedules().record(tick("s", 5, State.PUBLISHED), MINE)).isFalse();
    assertThat(catalog.schedules().ticks(Optional.of("s"), 9)).isEmpty();
    assertThat(catalog.schedules().all()).isEmpty();
  }

  @Test
  void aTickWithoutAnEndIsOpen() {
    catalog.schedules().keep("s", minute(0));
    Tick running = tick("s", 5, State.RUNNING);
    record(running);
    assertThat(catalog.schedules().keep("s", minute(9)).open()).contains(running);
    record(tick("s", 5, State.FAILED));
    assertThat(catalog.schedules().keep("s", minute(9)).open()).isEmpty();
    assertThat(catalog.schedules().ticks(Optional.of("s"), 9))
        .containsExactly(tick("s", 5, State.FAILED));
  }

  @Test
  void onlyWhoHoldsTheLeaseRecords() {
    catalog.schedules().keep("s", minute(0));
    catalog.leases().tryAcquire(MINE.key(), "you", T0.plus(TTL), TTL);
    assertThat(catalog.schedules().record(tick("s", 5, State.RUNNING), MINE)).isFalse();
    assertThat(catalog.schedules().ticks(Optional.empty(), 9)).isEmpty();
  }

  @Test
  void ticksOfAPauseAreNotDealtWith() {
    catalog.schedules().keep("s", minute(0));
    catalog.schedules().pause("s", "ada", minute(2));
    catalog.schedules().pause("s", "bob", minute(3));
    assertThat(reopen().schedules().keep("s", minute(9)).paused())
        .contains(new Pause(minute(2), "ada"));
    catalog.schedules().resume("s", minute(8));
    assertThat(catalog.schedules().keep("s", minute(9))).isEqualTo(Standing.none(minute(8)));
  }

  @Test
  void toResumeWhatIsNotPausedLosesNoTick() {
    catalog.schedules().keep("s", minute(0));
    catalog.schedules().resume("s", minute(8));
    assertThat(catalog.schedules().keep("s", minute(9)).after()).isEqualTo(minute(0));
  }

  @Test
  void aScheduleMayBePausedBeforeItIsFirstSeen() {
    catalog.schedules().pause("s", "ada", minute(2));
    assertThat(catalog.schedules().keep("s", minute(9)).paused()).isPresent();
  }

  @Test
  void ticksAreListedLatestFirst() {
    record(tick("s", 5, State.PUBLISHED));
    record(tick("t", 6, State.MISSED));
    record(tick("s", 7, State.UNCHANGED));
    assertThat(reopen().schedules().ticks(Optional.empty(), 2))
        .containsExactly(tick("s", 7, State.UNCHANGED), tick("t", 6, State.MISSED));
    assertThat(catalog.schedules().ticks(Optional.of("s"), 9)).hasSize(2);
  }

  @Test
  void oldTicksAreForgottenButTheLast() {
    for (int minute = 1; minute <= 5; minute++) {
      record(tick("s", minute, State.PUBLISHED));
    }
    record(tick("t", 1, State.PUBLISHED));
    catalog.schedules().forget(minute(4));
    assertThat(catalog.schedules().ticks(Optional.of("s"), 9))
        .containsExactly(tick("s", 5, State.PUBLISHED), tick("s", 4, State.PUBLISHED));
    catalog.schedules().forget(minute(9));
    assertThat(catalog.schedules().ticks(Optional.of("s"), 9)).hasSize(1);
    assertThat(catalog.schedules().ticks(Optional.of("t"), 9)).hasSize(1);
  }

  /** Also before that tick was forgotten, so that it can be said what would go. */
  @Test
  void aRunIsKeptAsLongAsItsTick() {
    for (int minute = 4; minute <= 6; minute++) {
      catalog.runs().start(new Run("r" + minute, "main", minute(minute), ""));
      catalog.runs().finish("r" + minute, Runs.State.FAILED, Optional.empty(), minute(minute));
      record(tick("s", minute, State.FAILED));
    }
    catalog.runs().start(new Run("newest", "main", minute(8), ""));
    assertThat(catalog.runs().old(minute(5), minute(9))).containsExactly("r4");
    assertThat(catalog.runs().old(minute(9), minute(9))).containsExactly("r4", "r5");
    catalog.schedules().forget(minute(9));
    assertThat(catalog.runs().old(minute(9), minute(9))).containsExactly("r4", "r5");
  }
}
