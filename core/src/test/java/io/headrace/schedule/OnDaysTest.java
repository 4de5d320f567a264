package io.headrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OnDaysTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Trigger.Times without(String cron, boolean moves, String... days) {
    return new OnDays(
        Cron.parse(cron, BERLIN),
        new TreeSet<>(Arrays.stream(days).map(LocalDate::parse).toList()),
        moves);
  }

  /** The ticks from one day to another, on clocks of Berlin. */
  private static List<String> ticks(Trigger.Times times, String from, String to) {
    List<String> ticks = new ArrayList<>();
    Instant end = LocalDate.parse(to).atStartOfDay(BERLIN).toInstant();
    Instant tick =
        times.next(LocalDate.parse(from).atStartOfDay(BERLIN).toInstant().minusMillis(1));
    while (tick.isBefore(end)) {
      ticks.add(tick.atZone(BERLIN).toLocalDateTime().toString());
      tick = times.next(tick);
    }
    return ticks;
  }

  @Test
  void ticksOfHolidaysAreLeftOut() {
    Trigger.Times times = without("0 6 * * *", false, "2026-12-25", "2026-12-26");
    assertThat(ticks(times, "2026-12-24", "2026-12-28"))
        .containsExactly("2026-12-24T06:00", "2026-12-27T06:00");
    Instant inside = Instant.parse("2026-12-25T12:00:00Z");
    assertThat(times.next(inside)).isEqualTo(Instant.parse("2026-12-27T05:00:00Z"));
  }

  @Test
  void theDayIsThatOfTheTimeZone() {
    Trigger.Times times = without("30 0 * * *", false, "2026-12-25");
    assertThat(ticks(times, "2026-12-24", "2026-12-27"))
        .containsExactly("2026-12-24T00:30", "2026-12-26T00:30");
  }

  @Test
  void ticksOfHolidaysMoveToTheNextWorkingDay() {
    // Friday and Monday are holidays.
    Trigger.Times times = without("0 6 * * 5", true, "2026-04-03", "2026-04-06");
    assertThat(ticks(times, "2026-03-27", "2026-04-11"))
        .containsExactly("2026-03-27T06:00", "2026-04-07T06:00", "2026-04-10T06:00");
    for (String moment : List.of("2026-04-03T04:00:00Z", "2026-04-05T12:00:00Z")) {
      assertThat(times.next(Instant.parse(moment)))
          .isEqualTo(Instant.parse("2026-04-07T04:00:00Z"));
    }
    assertThat(times.next(Instant.parse("2026-04-07T04:00:00Z")))
        .isEqualTo(Instant.parse("2026-04-10T04:00:00Z"));
  }

  @Test
  void whatMovesToAnotherTickIsOneWithIt() {
    Trigger.Times times = without("0 6 * * 1-5", true, "2026-12-24", "2026-12-25");
    assertThat(ticks(times, "2026-12-23", "2026-12-30"))
        .containsExactly("2026-12-23T06:00", "2026-12-28T06:00", "2026-12-29T06:00");
  }

  @Test
  void periodsKeepToUtc() {
    Trigger.Times times =
        new OnDays(
            new Every(Duration.ofHours(12)),
            new TreeSet<>(List.of(LocalDate.parse("2026-12-25"))),
            false);
    assertThat(times.next(Instant.parse("2026-12-24T12:00:00Z")))
        .isEqualTo(Instant.parse("2026-12-26T00:00:00Z"));
  }
}
