package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.export.ExportOutcome;
import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run that goes on in this process, or did a while ago, with all that happened in it. Safe for
 * many threads.
 */
public final class OngoingRun {
  /** Events that are kept; of a run with more, the last ones are lost but for its end. */
  private static final int MOST_EVENTS = 50_000;

  private final String id;
  private final Order order;
  private final Instant startedAt;
  private final Cancellation cancel;
  private final List<RunEvent> events = new ArrayList<>();
  private final List<ExportOutcome> exports = new ArrayList<>();
  private @Nullable RunResult result;
  private @Nullable HeadraceException failure;
  private boolean isOver;

  OngoingRun(String id, Order order, Instant startedAt, Cancellation cancel) {
    this.id = id;
    this.order = order;
    this.startedAt = startedAt;
    this.cancel = cancel;
  }

  public String id() {
    return id;
  }

  public Order order() {
    return order;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** How it ended; empty if it goes on, or could not end. */
  public synchronized Optional<RunResult> result() {
    return Optional.ofNullable(result);
  }

  /** Why it could not begin, or not publish. */
  public synchronized Optional<HeadraceException> failure() {
    return Optional.ofNullable(failure);
  }

  /** What it delivered. */
  public synchronized List<ExportOutcome> exports() {
    return List.copyOf(exports);
  }

  public synchronized boolean isOver() {
    return isOver;
  }

  /**
   * What happened, without the first {@code known} events. Waits for another one, but not longer
   * than {@code timeout}, and not if the run is over.
   */
  public synchronized List<RunEvent> events(int known, Duration timeout)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (events.size() <= known && !isOver) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return List.of();
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return List.copyOf(events.subList(Math.min(known, events.size()), events.size()));
  }

  Cancellation cancellation() {
    return cancel;
  }

  /** Asks it to stop. */
  public void cancel(String why) {
    cancel.request(why);
  }

  synchronized void add(RunEvent event) {
    if (events.size() < MOST_EVENTS || event instanceof RunEvent.Finished) {
      events.add(event);
    }
    notifyAll();
  }

  synchronized void add(ExportOutcome outcome) {
    exports.add(outcome);
  }

  synchronized void end(RunResult how) {
    result = how;
  }

  synchronized void fail(HeadraceException why) {
    failure = why;
  }

  synchronized void over() {
    isOver = true;
    notifyAll();
  }
}
