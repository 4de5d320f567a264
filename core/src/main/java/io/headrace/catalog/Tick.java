package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An occasion on which a schedule was due, and what became of it.
 *
 * @param number from 1, rising with each tick of the schedule
 * @param missed how many ticks before this one, and after the one before it here, were not run
 * @param attempt 1, or more if a server died while it ran
 * @param run the run that it led to, if it got so far
 * @param message why it failed, or empty
 */
public record Tick(
    String schedule,
    long number,
    Occasion occasion,
    State state,
    long missed,
    int attempt,
    Optional<String> run,
    Instant startedAt,
    Optional<Instant> finishedAt,
    String message) {
  private static final Pattern CAUSE = Pattern.compile("schedule (\\S+) at \\S+, tick \\d+");

  public Tick {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(occasion, "occasion is null");
    requireNonNull(state, "state is null");
    requireNonNull(run, "run is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(finishedAt, "finishedAt is null");
    requireNonNull(message, "message is null");
  }

  /** One that begins. */
  public static Tick begun(
      String schedule, long number, Occasion occasion, long missed, Instant now) {
    return new Tick(
        schedule,
        number,
        occasion,
        State.RUNNING,
        missed,
        1,
        Optional.empty(),
        now,
        Optional.empty(),
        "");
  }

  /** The same, begun once more because whoever began it is gone. */
  public Tick again(Instant now) {
    return new Tick(
        schedule,
        number,
        occasion,
        State.RUNNING,
        missed,
        attempt + 1,
        Optional.empty(),
        now,
        Optional.empty(),
        "");
  }

  /** The same, when it is over. */
  public Tick over(State how, Optional<String> by, String why, Instant now) {
    return new Tick(
        schedule, number, occasion, how, missed, attempt, by, startedAt, Optional.of(now), why);
  }

  /** How a tick stands. */
  public enum State {
    RUNNING,
    PUBLISHED,
    UNCHANGED,
    FAILED,
    CANCELLED,
    /** It was not run in time. */
    MISSED,
    /** What it waited for was not there when its deadline passed; it was not run. */
    LATE;

    /** How the tick of a run stands that is over. */
    public static State of(Runs.State run) {
      return State.valueOf(run.name());
    }

    /** Whether a run belongs to it. */
    public boolean isOfRun() {
      return this != MISSED && this != LATE;
    }
  }

  public Instant due() {
    return occasion.due();
  }

  /** The same without words, which may be about anything. */
  public Tick silent() {
    Occasion told =
        new Occasion(
            occasion.due(), occasion.ready(), "", occasion.reached(), occasion.parameters());
    return new Tick(schedule, number, told, state, missed, attempt, run, startedAt, finishedAt, "");
  }

  /** What its run is recorded to come from. No other tick has the same. */
  public String cause() {
    // As exactly as it is kept, so that it is the same when it is read again.
    return "schedule %s at %s, tick %d"
        .formatted(schedule, due().truncatedTo(ChronoUnit.MICROS), number);
  }

  /** The schedule whose tick a cause is, if it is that of one. */
  public static Optional<String> scheduleOf(String cause) {
    Matcher matcher = CAUSE.matcher(cause);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
