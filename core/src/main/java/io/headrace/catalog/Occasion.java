package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What made a schedule due.
 *
 * @param due when
 * @param ready when all that it waits for was there, or it waited no longer; not before {@code due}
 * @param lacks what it waited for and does not have, in words; empty if it lacks nothing
 * @param reached how far the schedule had looked
 * @param parameters that were asked for
 */
public record Occasion(
    Instant due,
    Instant ready,
    String lacks,
    Reached reached,
    SortedMap<String, String> parameters) {
  public Occasion {
    requireNonNull(due, "due is null");
    requireNonNull(ready, "ready is null");
    requireNonNull(lacks, "lacks is null");
    requireNonNull(reached, "reached is null");
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** A time of the clock, that waits for nothing. */
  public static Occasion at(Instant due) {
    return new Occasion(due, due, "", new Reached(due, new TreeMap<>()), new TreeMap<>());
  }

  /**
   * How far a schedule has looked. What came later is not dealt with, whenever it came.
   *
   * @param time ticks of the clock up to it are dealt with
   * @param positions what was seen last of each thing that is watched, by its name: of an
   *     environment the number of its newest commit
   */
  public record Reached(Instant time, SortedMap<String, String> positions) {
    public Reached {
      requireNonNull(time, "time is null");
      positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    /** The same but for the time. */
    public Reached at(Instant later) {
      return new Reached(later, positions);
    }

    /** The same but for the positions. */
    public Reached with(SortedMap<String, String> seen) {
      return new Reached(time, seen);
    }
  }
}
