package io.headrace.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
  private static final Instant START = Instant.parse("2026-01-05T03:00:00Z");

  private static Instant day(int number) {
    return START.plus(Duration.ofDays(number));
  }

  private static List<Observation> daily(double... values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> new Observation(day(i), values[i]))
        .toList();
  }

  private static List<Observation> constant(double value, int days) {
    return IntStream.range(0, days).mapToObj(i -> new Observation(day(i), value)).toList();
  }

  private static Optional<Expectation> next(List<Observation> history, Quantity quantity) {
    return Expectations.of(history, day(history.size()), quantity, 1_000, Sensitivity.NORMAL);
  }

  @Test
  void nothingIsSaidOfLittle() {
    assertThat(next(constant(100, 6), Quantity.COUNT)).isEmpty();
    assertThat(next(constant(100, 7), Quantity.COUNT)).isPresent();
  }

  @Test
  void whatWasAlwaysTheSameMayMoveALittle() {
    Expectation expected = next(constant(10_000, 30), Quantity.COUNT).orElseThrow();
    assertThat(expected.includes(9_500)).isTrue();
    assertThat(expected.includes(10_500)).isTrue();
    assertThat(expected.includes(8_500)).isFalse();
    assertThat(expected.includes(11_500)).isFalse();
    assertThat(expected.observations()).isEqualTo(30);
  }

  @Test
  void oneWrongNumberDoesNotMatter() {
    List<Observation> history = new ArrayList<>(constant(5_000, 20));
    history.set(17, new Observation(day(17), 0));
    Expectation expected = next(history, Quantity.COUNT).orElseThrow();
    assertThat(expected.includes(5_000)).isTrue();
    assertThat(expected.includes(2_500)).isFalse();
    assertThat(expected.includes(0)).isFalse();
  }

  @Test
  void aChangeThatStaysIsUnusualThreeTimes() {
    List<Observation> history = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      history.add(new Observation(day(i), 5_000 + 200 * Math.sin(i * 2.3)));
    }
    List<Boolean> expected = new ArrayList<>();
    for (int i = 30; i < 40; i++) {
      Observation shifted = new Observation(day(i), 15_000 + 600 * Math.sin(i * 2.3));
      expected.add(next(history, Quantity.COUNT).orElseThrow().includes(shifted.value()));
      history.add(shifted);
    }
    assertThat(expected.subList(0, 3)).containsOnly(false);
    assertThat(expected.subList(3, 10)).containsOnly(true);
  }

  @Test
  void growthGoesOn() {
    List<Observation> history = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      history.add(new Observation(day(i), 1_000 * Math.pow(1.1, i)));
    }
    Expectation expected = next(history, Quantity.COUNT).orElseThrow();
    assertThat(expected.includes(1_000 * Math.pow(1.1, 30))).isTrue();
    assertThat(expected.includes(1_000 * Math.pow(1.1, 28))).isFalse();
  }

  @Test
  void theDayOfTheWeekCounts() {
    List<Observation> history = new ArrayList<>();
    for (int i = 0; i < 28; i++) {
      history.add(new Observation(day(i), i % 7 == 6 ? 100 : 1_000));
    }
    assertThat(next(history, Quantity.COUNT).orElseThrow().includes(100)).isFalse();
    for (int i = 28; i < 34; i++) {
      history.add(new Observation(day(i), 1_000));
    }
    Expectation sunday = next(history, Quantity.COUNT).orElseThrow();
    assertThat(sunday.includes(100)).isTrue();
    assertThat(sunday.includes(1_000)).isFalse();
  }

  @Test
  void aSmallTableMayHaveANull() {
    List<Observation> never = constant(0, 20);
    assertThat(
            Expectations.of(never, day(20), Quantity.SHARE, 10, Sensitivity.NORMAL)
                .orElseThrow()
                .includes(0.1))
        .isTrue();
    assertThat(next(never, Quantity.SHARE).orElseThrow().includes(0.1)).isFalse();
  }

  @Test
  void whoIsMoreSensitiveExpectsLess() {
    List<Observation> history = daily(100, 110, 95, 104, 99, 107, 92, 103, 108, 96);
    List<Expectation> each =
        List.of(Sensitivity.LOW, Sensitivity.NORMAL, Sensitivity.HIGH).stream()
            .map(s -> Expectations.of(history, day(10), Quantity.COUNT, 0, s).orElseThrow())
            .toList();
    assertThat(each.get(0).most()).isGreaterThan(each.get(1).most());
    assertThat(each.get(1).most()).isGreaterThan(each.get(2).most());
    assertThat(each.get(2).least()).isGreaterThan(each.get(1).least());
  }

  @Test
  void secondsDoNotCount() {
    Expectation expected = next(constant(1, 30), Quantity.DURATION).orElseThrow();
    assertThat(expected.includes(3)).isTrue();
    assertThat(next(constant(600, 30), Quantity.DURATION).orElseThrow().includes(1_200)).isFalse();
  }

  @Test
  void aWeekendIsNoUnusualGap() {
    List<Observation> gaps = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      if (i % 7 < 5) {
        gaps.add(new Observation(day(i), (i % 7 == 0 ? 3 : 1) * 86_400));
      }
    }
    Expectation gap = next(gaps, Quantity.GAP).orElseThrow();
    assertThat(gap.includes(3.5 * 86_400)).isTrue();
    assertThat(gap.includes(4.5 * 86_400)).isFalse();
  }
}
