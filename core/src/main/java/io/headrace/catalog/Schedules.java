package io.headrace.catalog;

import io.headrace.catalog.Occasion.Reached;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Remembers how far schedules have come, and which of them are paused. */
public interface Schedules {

  /** How far a schedule has come; empty if nobody ever kept it. */
  Optional<Standing> find(String schedule);

  /** The same, of one that is kept from now on: if nobody ever did, it counts from {@code now}. */
  Standing keep(String schedule, Instant now);

  /** How far those have come that somebody ever kept, by name. */
  Map<String, Standing> all();

  /** Pauses a schedule: ticks until it goes on are not dealt with, and not missed either. */
  void pause(String schedule, String by, Instant now);

  /** Lets a schedule go on, from {@code now}; does nothing if it is not paused. */
  void resume(String schedule, Instant now);

  /**
   * Records how a tick stands, instead of what was recorded of it before.
   *
   * @return whether it was recorded; false if another took the lease over, whose word counts, or
   *     the schedule was removed
   */
  default boolean record(Tick tick, Fence fence) {
    return record(tick, List.of(), fence);
  }

  /**
   * The same, of a tick that takes requests: all of it is recorded, or nothing.
   *
   * @param taken the requests, by their numbers
   */
  boolean record(Tick tick, List<Long> taken, Fence fence);

  /** Ticks of a schedule, or of all, the latest first. */
  List<Tick> ticks(Optional<String> schedule, int limit);

  /** Forgets a schedule that is gone for good, with its ticks and requests. */
  void remove(String schedule);

  /** Forgets the ticks of before that time, but the last of each schedule. */
  void forget(Instant before);

  /**
   * How far a schedule has come.
   *
   * @param since when it was first kept, or went on after a pause
   * @param last the last tick that somebody dealt with, or deals with
   * @param paused when and by whom, if it is
   */
  record Standing(Instant since, Optional<Tick> last, Optional<Pause> paused) {
    /** Of one that nobody ever kept, and that somebody may keep from {@code now} on. */
    public static Standing none(Instant now) {
      return new Standing(now, Optional.empty(), Optional.empty());
    }

    /** The same without what is said of its last tick. */
    public Standing silent() {
      return new Standing(since, last.map(Tick::silent), paused);
    }

    /** Ticks of the clock later than that are to be dealt with. */
    public Instant after() {
      return last.map(tick -> tick.occasion().reached().time())
          .filter(since::isBefore)
          .orElse(since);
    }

    /** How far it has looked. */
    public Reached reached() {
      return new Reached(
          after(), last.map(tick -> tick.occasion().reached().positions()).orElse(new TreeMap<>()));
    }

    /** The number of the tick that comes next. */
    public long nextNumber() {
      return last.map(Tick::number).orElse(0L) + 1;
    }

    /** A tick that began and has no end: somebody works on it, or died. */
    public Optional<Tick> open() {
      return last.filter(tick -> tick.state() == Tick.State.RUNNING);
    }
  }

  /** A schedule does not go on until somebody says so. */
  record Pause(Instant since, String by) {}
}
