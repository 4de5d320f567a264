package io.headrace.server.schedule;

import io.headrace.engine.Cancellation;
import io.headrace.schedule.Schedule;
import java.time.Instant;

/**
 * What a scheduler knows of a schedule while it lives; none of it is missed when it dies. Used
 * under the lock of its scheduler, but for what is being carried out.
 */
final class Job {
  /** Where it is: in the queue until a time, waiting for a place, or being carried out. */
  enum Place {
    QUEUED,
    WAITING,
    BUSY,
    GONE
  }

  private final Cancellation gone = new Cancellation();
  private final Schedule schedule;
  private Instant at;
  private Place place = Place.QUEUED;
  private String pool = "";

  Job(Schedule schedule, Instant at) {
    this.schedule = schedule;
    this.at = at;
  }

  Schedule schedule() {
    return schedule;
  }

  /** When to look at it next, or since when it waits. */
  Instant at() {
    return at;
  }

  /** Is requested when the schedule is no more. */
  Cancellation gone() {
    return gone;
  }

  Place where() {
    return place;
  }

  void put(Place where, Instant when) {
    place = where;
    at = when;
  }

  void takes(String itsPool) {
    pool = itsPool;
  }

  /** The pool in which it has a place. */
  String place() {
    return pool;
  }
}
