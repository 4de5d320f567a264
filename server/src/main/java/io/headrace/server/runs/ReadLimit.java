package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How long a server reads for somebody before it gives up, whichever way he asks. Runs have no such
 * limit. Safe for many threads.
 */
public final class ReadLimit implements AutoCloseable {
  /** What a server has if nobody says otherwise. */
  public static final Duration USUAL = Duration.ofSeconds(60);

  private final Duration most;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "headrace-read-limits");
            thread.setDaemon(true);
            return thread;
          });

  public ReadLimit(Duration most) {
    this.most = most;
    // What was read in time is not remembered until its time would be over.
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Requests {@code cancel} when the time is over. Close what is returned when all is read. */
  public Cancellation.Registration start(Cancellation cancel) {
    Future<?> alarm =
        timer.schedule(() -> cancel.request(reason()), most.toMillis(), TimeUnit.MILLISECONDS);
    return () -> alarm.cancel(false);
  }

  private String reason() {
    return "it took longer than %d s".formatted(most.toSeconds());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
