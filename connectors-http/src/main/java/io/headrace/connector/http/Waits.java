package io.headrace.connector.http;

import io.headrace.engine.Pause;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What requests know of time and chance. A test passes a clock that only its pauses move.
 *
 * @param random from any thread
 */
record Waits(Pause pause, RandomGenerator random, InstantSource clock) {
  static Waits real() {
    SplittableRandom random = new SplittableRandom();
    return new Waits(
        Pause.REAL,
        () -> {
          synchronized (random) {
            return random.nextLong();
          }
        },
        InstantSource.system());
  }
}
