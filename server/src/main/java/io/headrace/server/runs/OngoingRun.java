package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.export.ExportOutcome;
import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final History<RunEvent> events = new History<>();
  private final List<ExportOutcome> exports = new ArrayList<>();
  private @Nullable RunResult result;
  private @Nullable HeadraceException failure;

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

  public boolean isOver() {
    return events.isOver();
  }

  /** What happened, as it does. */
  public History<RunEvent> history() {
    return events;
  }

  Cancellation cancellation() {
    return cancel;
  }

  /** Asks it to stop. */
  public void cancel(String why) {
    cancel.request(why);
  }

  void add(RunEvent event) {
    if (events.size() < MOST_EVENTS || event instanceof RunEvent.Finished) {
      events.add(event);
    }
  }

  synchronized void add(ExportOutcome outcome) {
    exports.add(outcome);
  }

  synchronized void end(RunResult how) {
    result = how;
  }

  synchronized void fail(RuntimeException why) {
    failure =
        why instanceof HeadraceException known
            ? known
            : new HeadraceException(
                "Something went wrong that Headrace has no words for: " + why,
                "This is a defect: please report it",
                why);
  }

  void over() {
    events.over();
  }
}
