package io.headrace.cli;

import io.headrace.engine.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, and what a service manager sends: asks work to stop, and keeps the process until all that
 * the work opened is closed, which is when this is.
 */
final class StopHook implements AutoCloseable {
  private static final long MOST_SECONDS_TO_STOP = 20;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread thread;

  private StopHook(Cancellation cancel) {
    this.thread = new Thread(() -> stop(cancel), "headrace-stop");
  }

  /** Requests {@code cancel} when the process is asked to end. */
  static StopHook requesting(Cancellation cancel) {
    StopHook hook = new StopHook(cancel);
    Runtime.getRuntime().addShutdownHook(hook.thread);
    return hook;
  }

  private void stop(Cancellation cancel) {
    cancel.request("cancelled");
    try {
      boolean unused = finished.await(MOST_SECONDS_TO_STOP, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // The process is ending, which the hook has noticed already.
    }
  }
}
