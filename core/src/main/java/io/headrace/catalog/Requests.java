package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps what somebody asked schedules to run. A request waits until a tick takes it, in the same
 * transaction in which that tick begins: so it is run once, whoever dies.
 */
public interface Requests {

  /**
   * Records a request; durable when this returns. One with the key of another is that other one.
   *
   * @return what is recorded
   * @throws io.headrace.error.ConflictException if the key was used for other parameters
   */
  Request ask(Asked asked);

  /** Those of a schedule that no tick has taken yet, the earliest first. */
  List<Request> waiting(String schedule);

  /** The schedules that requests wait for. */
  Set<String> waiting();

  /** Those that a tick has taken, the earliest first. */
  List<Request> of(String schedule, long tick);

  /** Forgets those of before that time that a tick has taken. */
  void forget(Instant before);

  /**
   * What somebody asks for.
   *
   * @param key by which to tell the same request from another one, if it is sent twice
   */
  record Asked(
      String schedule,
      Optional<String> key,
      SortedMap<String, String> parameters,
      String by,
      Instant at) {
    public Asked {
      requireNonNull(schedule, "schedule is null");
      requireNonNull(key, "key is null");
      requireNonNull(by, "by is null");
      requireNonNull(at, "at is null");
      parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }
  }

  /**
   * What was asked for.
   *
   * @param id rising in the order in which requests came
   * @param tick the number of the tick that took it, if one did
   */
  record Request(long id, Asked asked, Optional<Long> tick) {
    public Request {
      requireNonNull(asked, "asked is null");
      requireNonNull(tick, "tick is null");
    }
  }
}
