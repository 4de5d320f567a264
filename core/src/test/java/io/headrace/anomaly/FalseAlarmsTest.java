package io.headrace.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Measures how often nothing is wrong and an alarm is raised all the same, and what is found. */
class FalseAlarmsTest {
  private static final Instant START = Instant.parse("2026-01-05T03:00:00Z");
  private static final Path PAGE = Path.of("../docs/how-to/notice-what-is-unusual.md");
  private static final int SERIES = 60;
  private static final int VERSIONS = 60;
  private static final int SETTLED = 30;
  private static final double ROWS = 2_000;

  /** How the numbers of a table come about, one a day. */
  @FunctionalInterface
  private interface Source {
    double next(int version, Random random);
  }

  private record Kind(String name, Quantity quantity, Source source, List<Fault> faults) {}

  private record Fault(String name, DoubleUnaryOperator change) {}

  private static final List<Fault> OF_ROWS =
      List.of(
          new Fault("half of them", rows -> Math.rint(rows / 2)),
          new Fault("twice as many", rows -> rows * 2),
          new Fault("none", rows -> 0));
  private static final List<Fault> OF_NULLS = List.of(new Fault("20 % nulls", share -> 0.2));
  private static final List<Fault> OF_DISTINCT =
      List.of(new Fault("a tenth of the values", values -> Math.rint(values / 10)));

  private static final List<Kind> KINDS =
      List.of(
          rows("rows: always the same", (i, r) -> 5_000),
          rows("rows: 5 % up and down", (i, r) -> 5_000 * noise(r, 0.05)),
          rows("rows: 15 % up and down", (i, r) -> 5_000 * noise(r, 0.15)),
          rows("rows: 5 %, at times far more", (i, r) -> 5_000 * wild(r, 0.05)),
          rows("rows: 1 % more each day", (i, r) -> 5_000 * Math.pow(1.01, i) * noise(r, 0.02)),
          rows("rows: all that ever came", (i, r) -> 100 * (i + 1) + 20 * r.nextDouble()),
          rows("rows: fewer at weekends", (i, r) -> (i % 7 > 4 ? 1_500 : 5_000) * noise(r, 0.05)),
          rows("rows: a few hundred by chance", (i, r) -> poisson(r, 300)),
          new Kind("rows: 3 by chance", Quantity.COUNT, (i, r) -> poisson(r, 3), List.of()),
          new Kind("rows: none, mostly", Quantity.COUNT, (i, r) -> poisson(r, 0.2), List.of()),
          new Kind("rows: none", Quantity.COUNT, (i, r) -> 0, List.of()),
          new Kind("nulls: never", Quantity.SHARE, (i, r) -> 0, OF_NULLS),
          new Kind("nulls: 2 %", Quantity.SHARE, (i, r) -> poisson(r, 40) / ROWS, OF_NULLS),
          new Kind(
              "distinct values: about 1,000",
              Quantity.ESTIMATED_COUNT,
              (i, r) -> 1_000 * noise(r, 0.1),
              OF_DISTINCT));

  private static Kind rows(String name, Source source) {
    return new Kind(name, Quantity.COUNT, (i, r) -> Math.rint(source.next(i, r)), OF_ROWS);
  }

  private static double noise(Random random, double deviation) {
    return Math.exp(random.nextGaussian() * deviation);
  }

  /** Student's distribution with three degrees of freedom, which has heavy tails. */
  private static double wild(Random random, double deviation) {
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      squares += Math.pow(random.nextGaussian(), 2);
    }
    return Math.exp(deviation * random.nextGaussian() / Math.sqrt(squares / 3));
  }

  private static double poisson(Random random, double mean) {
    int count = 0;
    double time = -Math.log(1 - random.nextDouble());
    while (time < mean) {
      count++;
      time -= Math.log(1 - random.nextDouble());
    }
    return count;
  }

  private static boolean isUnusual(Kind kind, List<Observation> before, Observation next) {
    int from = Math.max(0, before.size() - Expectations.DEFAULT_HISTORY);
    return Expectations.of(
            before.subList(from, before.size()),
            next.at(),
            kind.quantity(),
            ROWS,
            Sensitivity.NORMAL)
        .filter(expected -> !expected.includes(next.value()))
        .isPresent();
  }

  private static List<Observation> series(Source source, Random random) {
    List<Observation> series = new ArrayList<>();
    for (int i = 0; i < VERSIONS; i++) {
      series.add(new Observation(START.plus(Duration.ofDays(i)), source.next(i, random)));
    }
    return series;
  }

  /** What came of one kind of series: per mille of alarms, and per cent of each fault found. */
  private record Measured(double early, double settled, List<Double> found) {}

  private static Measured measure(Kind kind) {
    Random random = new Random(2026);
    int[] checks = new int[2];
    int[] alarms = new int[2];
    int[] found = new int[kind.faults().size()];
    for (int s = 0; s < SERIES; s++) {
      List<Observation> series = series(kind.source(), random);
      for (int i = Expectations.LEAST_HISTORY; i < VERSIONS; i++) {
        int period = i < SETTLED ? 0 : 1;
        checks[period]++;
        if (isUnusual(kind, series.subList(0, i), series.get(i))) {
          alarms[period]++;
        }
      }
      int at = SETTLED + random.nextInt(VERSIONS - SETTLED);
      Observation good = series.get(at);
      for (int f = 0; f < found.length; f++) {
        double bad = kind.faults().get(f).change().applyAsDouble(good.value());
        if (isUnusual(kind, series.subList(0, at), new Observation(good.at(), bad))) {
          found[f]++;
        }
      }
    }
    List<Double> shares = new ArrayList<>();
    for (int count : found) {
      shares.add(100.0 * count / SERIES);
    }
    return new Measured(1000.0 * alarms[0] / checks[0], 1000.0 * alarms[1] / checks[1], shares);
  }

  private static String line(Kind kind, Measured measured) {
    List<String> found = new ArrayList<>();
    for (int f = 0; f < kind.faults().size(); f++) {
      found.add(
          String.format(
              Locale.ROOT, "%s: %.0f %%", kind.faults().get(f).name(), measured.found().get(f)));
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %s |",
        kind.name(),
        measured.early(),
        measured.settled(),
        String.join(", ", found));
  }

  @Test
  void fewAlarmsAreFalseAndFaultsAreFoundAsThePageSays() throws IOException {
    String page = Files.readString(PAGE);
    for (Kind kind : KINDS) {
      Measured measured = measure(kind);
      assertThat(page).contains(line(kind, measured) + "\n");
      assertThat(measured.early()).as(kind.name()).isLessThan(30);
      assertThat(measured.settled()).as(kind.name()).isLessThan(10);
      if (!kind.name().contains("15 %")) {
        assertThat(measured.found()).as(kind.name()).allMatch(found -> found >= 90);
      }
    }
  }
}
