package io.headrace.server.schedule;

import io.headrace.engine.Cancellation;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import java.time.Instant;
import java.util.Optional;

/**
 * What a scheduler knows of a schedule while it lives; none of it is missed when it dies. Used
 * under the lock of its scheduler.
 */
final class Job {
  private final Schedule schedule;
  private final Optional<String> revision;
  private final Cancellation gone = new Cancellation();
  private Instant at;

  /**
   * @param revision of the project that it was read from, if that has a name
   */
  Job(Schedule schedule, Optional<String> revision, Instant at) {
    this.schedule = schedule;
    this.revision = revision;
    this.at = at;
  }

  Schedule schedule() {
    return schedule;
  }

  /** Whether it goes on as it is. What follows reads the project once, when it begins. */
  boolean isStill(Schedule now, Optional<String> nowOf) {
    return schedule.equals(now)
        && (revision.equals(nowOf) || !(schedule.trigger() instanceof Trigger.Follow));
  }

  /** Is requested when the project has the schedule no more, or another of its name. */
  Cancellation gone() {
    return gone;
  }

  /** When to look at it next, or since when it waits for a place. */
  Instant at() {
    return at;
  }

  void setAt(Instant time) {
    at = time;
  }
}
