package io.headrace.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers how far schedules have come, and which of them are paused. */
public interface Schedules {

  /** Where a schedule stands. One that was never asked for counts from {@code now} on. */
  Standing standing(String schedule, Instant now);

  /** Where those stand that were ever asked for, by name. */
  Map<String, Standing> all();

  /** Pauses a schedule: ticks until it goes on are not dealt with, and not missed either. */
  void pause(String schedule, String by, Instant now);

  /** Lets a schedule go on, from {@code now}; does nothing if it is not paused. */
  void resume(String schedule, Instant now);

  /**
   * Records how a tick stands, instead of what was recorded of it before.
   *
   * @return whether it was recorded; false if another took the lease over, whose word counts
   */
  boolean record(Tick tick, Fence fence);

  /** Ticks of a schedule, or of all, the latest first. */
  List<Tick> ticks(Optional<String> schedule, int limit);

  /** Forgets the ticks of before that time, but the last of each schedule. */
  void forget(Instant before);

  /**
   * How far a schedule has come.
   *
   * @param after the last tick that was dealt with, or when it was first seen or went on
   * @param open a tick that began and has no end: somebody works on it, or died
   * @param paused when and by whom, if it is
   */
  record Standing(Instant after, Optional<Tick> open, Optional<Pause> paused) {}

  /** A schedule does not go on until somebody says so. */
  record Pause(Instant since, String by) {}
}
