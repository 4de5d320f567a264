package io.headrace.faults;

import java.util.SplittableRandom;

/** Where a test's random choices come from; printed, so that a failure can be replayed. */
public final class Seed {
  private final long value = Long.getLong("headrace.seed", System.nanoTime() & 0xffffff);

  /** Takes the seed of {@code -Dheadrace.seed}, or a new one. */
  public Seed(Class<?> test) {
    System.out.printf("%s: -Dheadrace.seed=%d%n", test.getSimpleName(), value);
  }

  /** The source of choice number {@code step}, whatever was chosen before it. */
  public SplittableRandom random(long step) {
    SplittableRandom random = new SplittableRandom(value * 1_000_003 + step);
    random.nextLong();
    return random;
  }

  @Override
  public String toString() {
    return "-Dheadrace.seed=" + value;
  }
}
