package io.headrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** What makes a schedule fall due. */
public sealed interface Trigger {

  /** Times that are known beforehand; each of them is a tick. */
  sealed interface Times extends Trigger permits Cron, Every {

    /** The first tick later than {@code after}; {@link Instant#MAX} if there is none. */
    Instant next(Instant after);

    /** Where the dates of ticks are meant. */
    ZoneId zone();
  }

  /**
   * Whatever arrives at the sources: they are looked at again and again, and each batch is a run.
   *
   * @param interval from one look to the next
   */
  record Follow(Duration interval) implements Trigger {
    public Follow {
      if (interval.isNegative() || interval.isZero()) {
        throw new IllegalArgumentException("Invalid interval " + interval);
      }
    }
  }
}
