package io.headrace.anomaly;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * Says in which range the next number of a history should be.
 *
 * <p>Each of a few simple {@link Forecast}s is tried on the history itself: what would it have said
 * of each number from those before it (evaluation on a rolling origin, Hyndman and Athanasopoulos,
 * Forecasting: Principles and Practice, 5.10)? The one that was wrong least says what comes next.
 * How wrong it mostly was says how wide the range is: a high quantile of its errors in place of
 * their standard deviation, which a few wild numbers would spoil (Iglewicz and Hoaglin, How to
 * Detect and Handle Outliers, 1993). Deterministic.
 */
public final class Expectations {
  /** With fewer numbers nothing is said. */
  public static final int LEAST_HISTORY = 7;

  /** How many numbers are looked at if nothing else is said. */
  public static final int DEFAULT_HISTORY = 30;

  /** Errors before a forecast is believed. */
  private static final int LEAST_ERRORS = 5;

  /** The more elaborate forecast must be better by this factor. */
  private static final double BETTER = 0.8;

  /** The part of a normal distribution that is within {@link #DEVIATIONS_OF_QUANTILE}. */
  private static final double QUANTILE = 0.8;

  private static final double DEVIATIONS_OF_QUANTILE = 1.2816;

  private static final double DEVIATIONS_OF_MEDIAN = 0.6745;

  /** Few errors can be small by luck: the range is wider by this over their number. */
  private static final double LUCK = 4;

  private static final Duration PATTERN_KNOWN = Duration.ofDays(21);

  private Expectations() {}

  /**
   * The range of the next number; empty as long as too little is known.
   *
   * @param history what came before, oldest first
   * @param at when the next comes
   * @param size of how many things it is a share, if it is one
   */
  public static Optional<Expectation> of(
      List<Observation> history,
      Instant at,
      Quantity quantity,
      double size,
      Sensitivity sensitivity) {
    if (history.size() < LEAST_HISTORY) {
      return Optional.empty();
    }
    List<Observation> scaled =
        history.stream().map(o -> new Observation(o.at(), quantity.scale().of(o.value()))).toList();
    Trial best = Trial.of(Forecast.LEVEL, scaled);
    List<Forecast> others =
        quantity == Quantity.GAP ? List.of() : List.of(Forecast.DRIFT, Forecast.WEEKDAY);
    for (Forecast other : others) {
      Trial trial = Trial.of(other, scaled);
      if (trial.isBetterThan(best)) {
        best = trial;
      }
    }
    OptionalDouble next = best.forecast.next(scaled, at);
    if (next.isEmpty()) {
      best = Trial.of(Forecast.LEVEL, scaled);
      next = Forecast.LEVEL.next(scaled, at);
    }
    double center = next.orElseThrow();
    double reach = best.deviation(quantity, center, size) * sensitivity.deviations();
    double least = center - reach;
    double most = center + reach;
    if (quantity == Quantity.GAP || (best.forecast == Forecast.LEVEL && isShort(history, at))) {
      double[] sorted = scaled.stream().mapToDouble(Observation::value).sorted().toArray();
      double leeway = quantity.leastDeviation() * sensitivity.deviations();
      least = Math.min(least, sorted[1] - leeway);
      most = Math.max(most, sorted[sorted.length - 2] + leeway);
    }
    return Optional.of(
        new Expectation(quantity.scale().back(least), quantity.scale().back(most), history.size()));
  }

  /**
   * Whether there can be a pattern of the week, or of the day, that nobody can know yet. Then what
   * was there twice is not unusual.
   */
  private static boolean isShort(List<Observation> history, Instant at) {
    return Duration.between(history.get(0).at(), at).compareTo(PATTERN_KNOWN) < 0;
  }

  /** How wrong a forecast would have been. */
  private static final class Trial {
    private final Forecast forecast;
    private final List<Observation> history;

    /** The first number that the forecast said something of. */
    private final int from;

    /** For each number from there on, without the sign. */
    private final double[] errors;

    private Trial(
        Forecast forecast, List<Observation> history, int from, DoubleStream.Builder errors) {
      this.forecast = forecast;
      this.history = history;
      this.from = from;
      this.errors = errors.build().toArray();
    }

    static Trial of(Forecast forecast, List<Observation> history) {
      DoubleStream.Builder errors = DoubleStream.builder();
      int from = history.size();
      for (int i = 1; i < history.size(); i++) {
        Observation actual = history.get(i);
        OptionalDouble said = forecast.next(history.subList(0, i), actual.at());
        if (said.isPresent()) {
          from = Math.min(from, i);
          errors.add(Math.abs(actual.value() - said.getAsDouble()));
        }
      }
      return new Trial(forecast, history, from, errors);
    }

    /** Held against each other where both say something. */
    boolean isBetterThan(Trial simpler) {
      return errors.length >= LEAST_ERRORS
          && meanSince(simpler.from) < BETTER * simpler.meanSince(from);
    }

    private double meanSince(int start) {
      int skipped = Math.min(errors.length, Math.max(0, start - from));
      return Arrays.stream(errors, skipped, errors.length).average().orElse(0);
    }

    double deviation(Quantity quantity, double expected, double size) {
      double[] sorted = errors.clone();
      Arrays.sort(sorted);
      // What is rare but regular, such as a weekend, is no error of a gap: see above.
      double usual =
          quantity == Quantity.GAP
              ? sorted[sorted.length / 2] / DEVIATIONS_OF_MEDIAN
              : sorted[(int) Math.ceil(QUANTILE * sorted.length) - 1] / DEVIATIONS_OF_QUANTILE;
      double widened = usual * (1 + LUCK / errors.length);
      boolean neverMoved =
          history.stream().allMatch(each -> each.value() == history.get(0).value());
      // What is always the same does not come by chance; of nothing at all nobody can tell.
      boolean isByChance = !neverMoved || expected == 0 || quantity == Quantity.SHARE;
      double chance = isByChance ? quantity.scale().chance(expected, size) : 0;
      return Math.max(quantity.leastDeviation(), Math.max(widened, chance));
    }
  }
}
