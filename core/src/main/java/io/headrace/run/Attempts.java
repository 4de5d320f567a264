package io.headrace.run;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Tries work several times, with growing pauses between, and limits the time that work takes. */
final class Attempts {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Pause pause;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer;

  Attempts(Pause pause, RandomGenerator random, ScheduledExecutorService timer) {
    this.pause = pause;
    this.random = random;
    this.timer = timer;
  }

  /** Hears of a failed attempt that is followed by another. */
  @FunctionalInterface
  interface RetryListener {
    void retried(int attempt, HeadraceException failure);
  }

  /**
   * Does the work, up to {@code retries} times more if it fails.
   *
   * @throws HeadraceException the failure of the last attempt
   */
  <T> T run(Supplier<T> work, int retries, Cancellation cancel, RetryListener listener) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (HeadraceException e) {
        if (cancel.isRequested() || attempt > retries) {
          throw e;
        }
        listener.retried(attempt, e);
        pause.waitFor(pauseAfter(attempt), cancel);
      }
    }
  }

  /**
   * Does the work, cancelled when its time is up.
   *
   * @throws HeadraceException also if it was
   */
  <T> T within(Optional<Duration> timeout, Cancellation cancel, Function<Cancellation, T> work) {
    if (timeout.isEmpty()) {
      return work.apply(cancel);
    }
    try (Cancellation.Child limited = cancel.child()) {
      ScheduledFuture<?> alarm =
          timer.schedule(
              () -> limited.cancellation().request("timed out"),
              timeout.get().toMillis(),
              TimeUnit.MILLISECONDS);
      try {
        return work.apply(limited.cancellation());
      } catch (CancelledException e) {
        if (cancel.isRequested()) {
          throw e;
        }
        throw new HeadraceException(
            "it took longer than its timeout of %s".formatted(text(timeout.get())),
            "Raise `timeout`, or give the query less to do",
            e);
      } finally {
        alarm.cancel(false);
      }
    }
  }

  /**
   * Doubles with each attempt; half of it is chance, so that many tasks do not come back at once.
   */
  private Duration pauseAfter(int attempt) {
    long full =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 16));
    return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
  }

  private static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }
}
