package io.headrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.error.HeadraceException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks go forward in Berlin on 29 March 2026 at 01:00 UTC, and back on 25 October. */
class CronTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** The ticks from one time to another, both in UTC, the first excluded. */
  private static List<String> ticks(String expression, ZoneId zone, String from, String to) {
    Cron cron = Cron.parse(expression, zone);
    List<String> ticks = new ArrayList<>();
    Instant end = Instant.parse(to);
    for (Instant tick = cron.next(Instant.parse(from));
        !tick.isAfter(end);
        tick = cron.next(tick)) {
      ticks.add(tick.toString());
    }
    return ticks;
  }

  @Test
  void aTickInTheHourThatIsLeftOutComesAtItsEnd() {
    assertThat(ticks("30 2 * * *", BERLIN, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
  }

  @Test
  void severalTicksInThatHourAreOne() {
    assertThat(ticks("0,20,40 2 * * *", BERLIN, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"))
        .containsExactly("2026-03-29T01:00:00Z");
  }

  @Test
  void aTickAtTheEndOfThatHourIsNotDoubled() {
    assertThat(ticks("0 2,3 * * *", BERLIN, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"))
        .containsExactly("2026-03-29T01:00:00Z");
  }

  @Test
  void aTickInTheHourThatComesTwiceComesTheFirstTime() {
    assertThat(ticks("30 2 * * *", BERLIN, "2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z"))
        .containsExactly("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void afterItsFirstTimeATickOfThatHourDoesNotComeInTheSecond() {
    Cron cron = Cron.parse("15,45 2 * * *", BERLIN);
    assertThat(cron.next(Instant.parse("2026-10-25T01:20:00Z")))
        .isEqualTo(Instant.parse("2026-10-26T01:15:00Z"));
  }

  @Test
  void ofEveryHourMeansTheTimeThatPasses() {
    assertThat(ticks("*/30 * * * *", BERLIN, "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"))
        .containsExactly(
            "2026-03-29T00:30:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-29T01:30:00Z",
            "2026-03-29T02:00:00Z");
    assertThat(ticks("*/30 * * * *", BERLIN, "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"))
        .containsExactly(
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:00:00Z");
  }

  @Test
  void ofEveryHourGoesByTheClockAllTheSame() {
    ZoneId kolkata = ZoneId.of("Asia/Kolkata");
    assertThat(ticks("0 * * * *", kolkata, "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z"))
        .containsExactly("2026-01-01T00:30:00Z", "2026-01-01T01:30:00Z");
  }

  @Test
  void midnightThatIsLeftOutIsTheFirstMomentOfTheDay() {
    // In Cairo, 24 April 2026 begins at 01:00.
    ZoneId cairo = ZoneId.of("Africa/Cairo");
    List<String> ticks = ticks("0 0 * * *", cairo, "2026-04-23T12:00:00Z", "2026-04-24T23:59:00Z");
    assertThat(ticks).hasSize(2);
    assertThat(Instant.parse(ticks.get(0)).atZone(cairo))
        .isEqualTo(ZonedDateTime.of(2026, 4, 24, 1, 0, 0, 0, cairo));
  }

  @Test
  void eachDayHasOneTickInAllYearsAndZones() {
    for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
      ZoneId id = ZoneId.of(zone);
      List<String> ticks = ticks("15 2 * * *", id, "2023-12-31T14:00:00Z", "2026-12-31T10:00:00Z");
      assertThat(ticks.stream().map(tick -> Instant.parse(tick).atZone(id).toLocalDate()))
          .as(zone)
          .doesNotHaveDuplicates();
      assertThat(ticks.size()).as(zone).isBetween(1095, 1097);
    }
  }

  @Test
  void daysOfTheWeekAndNamesAreKnown() {
    assertThat(ticks("0 9 * * 1-5", BERLIN, "2026-11-20T12:00:00Z", "2026-11-24T12:00:00Z"))
        .containsExactly("2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z");
    assertThat(ticks("0 0 1 1 *", BERLIN, "2026-11-20T12:00:00Z", "2028-02-01T12:00:00Z"))
        .containsExactly("2026-12-31T23:00:00Z", "2027-12-31T23:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "61 * * * *", "* * * *", "* * * * * *", "0 25 * * *"})
  void whatIsNoExpressionIsRefused(String expression) {
    assertThatThrownBy(() -> Cron.parse(expression, BERLIN))
        .isInstanceOf(HeadraceException.class)
        .hasMessageStartingWith("Invalid cron expression '%s'".formatted(expression));
  }

  @Test
  void aDayThatNeverComesIsRefused() {
    assertThatThrownBy(() -> Cron.parse("0 0 30 2 *", BERLIN))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("there is no such day");
  }
}
