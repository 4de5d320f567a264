package io.headrace.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits. A test passes one that only moves a clock. */
@FunctionalInterface
public interface Pause {
  /** Really waits. */
  Pause REAL = Pause::sleep;

  /**
   * Waits for {@code duration}, or until {@code cancel} is requested.
   *
   * @throws CancelledException if it is requested
   */
  void waitFor(Duration duration, Cancellation cancel);

  private static void sleep(Duration duration, Cancellation cancel) {
    CountDownLatch requested = new CountDownLatch(1);
    try (Cancellation.Registration registration = cancel.onRequest(requested::countDown)) {
      boolean ignored = requested.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.request("interrupted");
    }
    cancel.throwIfRequested();
  }
}
