package io.headrace.server.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who goes next, of jobs that wait for a place in a pool: those of higher priority first, then
 * those that were due first. Used under the lock of its scheduler.
 */
final class Pools {
  private final int defaultPlaces;
  private SortedMap<String, Integer> places = new TreeMap<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private final List<Job> waiting = new ArrayList<>();

  /**
   * @param defaultPlaces of a pool that nobody said the places of
   */
  Pools(int defaultPlaces) {
    this.defaultPlaces = defaultPlaces;
  }

  void setPlaces(SortedMap<String, Integer> now) {
    places = now;
  }

  void add(Job job) {
    waiting.add(job);
  }

  /** Takes places for all that can go now, and returns them in the order in which they go. */
  List<Job> next() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    waiting.sort(
        Comparator.comparingInt((Job job) -> -job.schedule().priority()).thenComparing(Job::at));
    List<Job> next = new ArrayList<>();
    for (Job job : waiting) {
      String pool = job.schedule().pool();
      int now = taken.getOrDefault(pool, 0);
      if (now < places.getOrDefault(pool, defaultPlaces)) {
        taken.put(pool, now + 1);
        next.add(job);
      }
    }
    waiting.removeAll(next);
    return next;
  }

  /** Gives the place of a job back. */
  void leave(Job job) {
    taken.merge(job.schedule().pool(), -1, Integer::sum);
  }

  void remove(Job job) {
    waiting.remove(job);
  }
}
