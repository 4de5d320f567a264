package io.headrace.trigger;

import io.headrace.catalog.Occasion;
import io.headrace.catalog.Tick;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is to be done about a schedule now. */
public sealed interface Verdict {

  /**
   * A tick is to be run.
   *
   * @param missed how many ticks before it were not run
   * @param requests that it takes, by their numbers
   */
  record Begin(Occasion occasion, long missed, List<Long> requests) implements Verdict {
    public Begin {
      requests = List.copyOf(requests);
    }
  }

  /** A tick was begun and has no end: somebody works on it, or died. */
  record GoOn(Tick tick) implements Verdict {}

  /** A tick is to be recorded, and not run. */
  record GiveUp(Occasion occasion, long missed, Tick.State state, String message)
      implements Verdict {}

  /**
   * A tick is due, and something that it waits for is not there.
   *
   * @param lacks what is not there, in words
   * @param until its deadline, if it has one
   */
  record Waits(Instant due, List<String> lacks, Optional<Instant> until) implements Verdict {
    public Waits {
      lacks = List.copyOf(lacks);
    }
  }

  /**
   * There is nothing to do.
   *
   * @param next when there is, if nothing else comes; empty if nobody knows
   */
  record Idle(Optional<Instant> next) implements Verdict {}
}
