package io.headrace.anomaly;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Simple ways to say the next number of a history, on the scale of its quantity. They are those
 * that every other method of forecasting is held against (Hyndman and Athanasopoulos, Forecasting:
 * Principles and Practice, 5.2), with medians in place of means, so that one wrong number does not
 * matter.
 */
enum Forecast {
  /** About what the last few were. Follows a change that stays after three numbers. */
  LEVEL {
    @Override
    OptionalDouble next(List<Observation> history, Instant at) {
      int from = Math.max(0, history.size() - RECENT);
      return history.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(median(history.subList(from, history.size())));
    }
  },

  /** The level, and as much more as numbers mostly grow or shrink by from one to the next. */
  DRIFT {
    @Override
    OptionalDouble next(List<Observation> history, Instant at) {
      if (history.size() < RECENT) {
        return OptionalDouble.empty();
      }
      List<Observation> recent = history.subList(history.size() - RECENT, history.size());
      double slope = slope(history.subList(Math.max(0, history.size() - TREND), history.size()));
      double[] moved = new double[RECENT];
      for (int i = 0; i < RECENT; i++) {
        moved[i] = recent.get(i).value() + slope * (RECENT - i);
      }
      return OptionalDouble.of(median(moved));
    }
  },

  /** About what it was on this day of the week, in UTC. */
  WEEKDAY {
    @Override
    OptionalDouble next(List<Observation> history, Instant at) {
      long day = weekday(at);
      List<Observation> same = new ArrayList<>();
      for (Observation each : history) {
        if (weekday(each.at()) == day
            && Duration.between(each.at(), at).compareTo(ALMOST_A_WEEK) > 0) {
          same.add(each);
        }
      }
      int from = Math.max(0, same.size() - WEEKS);
      return same.size() < 2
          ? OptionalDouble.empty()
          : OptionalDouble.of(median(same.subList(from, same.size())));
    }
  };

  private static final int RECENT = 5;
  private static final int TREND = 15;
  private static final int WEEKS = 3;
  private static final long SECONDS_OF_A_DAY = 86_400;
  private static final Duration ALMOST_A_WEEK = Duration.ofDays(6);

  /**
   * The number that comes next; empty if there is too little to tell.
   *
   * @param history oldest first, on the scale
   * @param at when it comes
   */
  abstract OptionalDouble next(List<Observation> history, Instant at);

  private static long weekday(Instant at) {
    return Math.floorMod(Math.floorDiv(at.getEpochSecond(), SECONDS_OF_A_DAY), 7L);
  }

  /** The median of the slopes between all pairs (Theil 1950, Sen 1968), by position. */
  private static double slope(List<Observation> history) {
    int size = history.size();
    double[] slopes = new double[size * (size - 1) / 2];
    int count = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        slopes[count++] = (history.get(j).value() - history.get(i).value()) / (j - i);
      }
    }
    return median(slopes);
  }

  private static double median(List<Observation> history) {
    return median(history.stream().mapToDouble(Observation::value).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
