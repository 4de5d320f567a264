package io.headrace.server.schedule;

import io.headrace.engine.Cancellation;
import io.headrace.schedule.Schedule;
import java.time.Instant;

/**
 * What a scheduler knows of a schedule while it lives; none of it is missed when it dies. Used
 * under the lock of its scheduler.
 */
final class Job {
  private final Schedule schedule;
  private final Cancellation gone = new Cancellation();
  private Instant at;

  Job(Schedule schedule, Instant at) {
    this.schedule = schedule;
    this.at = at;
  }

  Schedule schedule() {
    return schedule;
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
