package io.headrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** What makes a schedule fall due, besides somebody who asks for it. */
public sealed interface Trigger {

  /** Times that are known beforehand; each of them is a tick. */
  sealed interface Times extends Trigger permits Cron, Every, OnDays {

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

  /**
   * Commits that move tables. Those of one tick are all that came since the tick before.
   *
   * @param watches which tables, of which environments
   * @param settle for so long nothing more must have come
   * @param atMost so long after the first of them it is due all the same
   */
  record OnTables(List<Watch> watches, Duration settle, Duration atMost) implements Trigger {
    public OnTables {
      watches = List.copyOf(watches);
      if (watches.isEmpty() || settle.isNegative() || atMost.compareTo(settle) < 0) {
        throw new IllegalArgumentException("Invalid settle %s, %s".formatted(settle, atMost));
      }
    }

    /** When what came between two times is due. */
    public Instant due(Instant first, Instant last) {
      Instant settled = last.plus(settle);
      Instant longest = first.plus(atMost);
      return settled.isBefore(longest) ? settled : longest;
    }
  }

  /**
   * A revision of the project's files that it was not run with yet.
   *
   * @param commit its name
   */
  record OnRevision(String commit) implements Trigger {
    /** The name under which the revision is remembered that was seen last. */
    public static final String POSITION = "revision";
  }

  /** Nothing else. */
  record OnRequest() implements Trigger {}
}
