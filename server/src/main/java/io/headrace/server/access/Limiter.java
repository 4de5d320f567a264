package io.headrace.server.access;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets each key take so many in a time, and no more. What was taken comes back bit by bit. Keeps
 * the keys that were seen last. Safe for many threads.
 */
final class Limiter {
  private static final int MOST_KEYS = 20_000;

  private final double most;
  private final double perMilli;
  private final Clock clock;
  private final Map<String, Level> levels =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Level> eldest) {
          return size() > MOST_KEYS;
        }
      };

  private record Level(double taken, long at) {}

  Limiter(int most, Duration time, Clock clock) {
    this.most = most;
    this.perMilli = (double) most / time.toMillis();
    this.clock = clock;
  }

  /** Takes one, if there is one left. */
  synchronized boolean take(String key) {
    double taken = taken(key);
    if (taken + 1 > most) {
      return false;
    }
    levels.put(key, new Level(taken + 1, clock.millis()));
    return true;
  }

  /** Gives back one that was taken. */
  synchronized void giveBack(String key) {
    levels.computeIfPresent(
        key, (known, level) -> new Level(Math.max(0, level.taken() - 1), level.at()));
  }

  private double taken(String key) {
    Level level = levels.get(key);
    return level == null
        ? 0
        : Math.max(0, level.taken() - (clock.millis() - level.at()) * perMilli);
  }
}
