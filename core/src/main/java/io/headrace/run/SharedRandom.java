package io.headrace.run;

import java.util.random.RandomGenerator;

/**
 * Numbers for many threads, none of which is given what another was. A generator itself may give
 * two threads the same that ask it at the same time, and two runs would have one name.
 */
public final class SharedRandom implements RandomGenerator {
  private final RandomGenerator random;

  /**
   * @param random that nobody else asks from now on
   */
  public SharedRandom(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public synchronized long nextLong() {
    return random.nextLong();
  }
}
