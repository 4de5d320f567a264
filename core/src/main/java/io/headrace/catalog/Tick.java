package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A time at which a schedule was due, and what became of it.
 *
 * @param missed how many ticks before this one, and after the one before it here, were not run
 * @param attempt 1, or more if a server died while it ran
 * @param run the run that it led to, if it got so far
 * @param message why it failed, or empty
 */
public record Tick(
    String schedule,
    Instant due,
    State state,
    long missed,
    int attempt,
    Optional<String> run,
    Instant startedAt,
    Optional<Instant> finishedAt,
    String message) {
  public Tick {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(due, "due is null");
    requireNonNull(state, "state is null");
    requireNonNull(run, "run is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(finishedAt, "finishedAt is null");
    requireNonNull(message, "message is null");
  }

  /** How a tick stands. */
  public enum State {
    RUNNING,
    PUBLISHED,
    UNCHANGED,
    FAILED,
    CANCELLED,
    MISSED;

    /** How the tick of a run stands that is over. */
    public static State of(Runs.State run) {
      return State.valueOf(run.name());
    }
  }

  /** The same with another message. */
  public Tick saying(String other) {
    return new Tick(schedule, due, state, missed, attempt, run, startedAt, finishedAt, other);
  }

  /** What its run is recorded to come from. No other tick has the same. */
  public String cause() {
    return "schedule %s at %s".formatted(schedule, due);
  }
}
