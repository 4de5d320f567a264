package io.headrace.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says when tables are to be brought up to date, without anybody asking.
 *
 * @param select the tables, as on the command line; empty for all
 * @param environment that is published to
 * @param parameters values that replace defaults; <code>{date}</code> and <code>{time}</code> in
 *     them are the tick's
 * @param pool the name of the pool whose places its runs take
 * @param priority if several wait for a place, those with the highest number go first
 */
public record Schedule(
    String name,
    String description,
    Trigger trigger,
    List<String> select,
    String environment,
    SortedMap<String, String> parameters,
    CatchUp catchUp,
    String pool,
    int priority) {
  /** The pool of schedules that name none. */
  public static final String DEFAULT_POOL = "default";

  /** How late a tick may begin that is not to be caught up with. */
  public static final Duration GRACE = Duration.ofMinutes(1);

  /** Ticks that are counted in one step. */
  private static final int MOST_TICKS = 10_000;

  public Schedule {
    requireNonNull(name, "name is null");
    requireNonNull(trigger, "trigger is null");
    requireNonNull(catchUp, "catchUp is null");
    select = List.copyOf(select);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** The first tick later than {@code after}; empty if nobody knows it beforehand. */
  public Optional<Instant> next(Instant after) {
    return trigger instanceof Trigger.Times times
        ? Optional.of(times.next(after)).filter(tick -> tick.isBefore(Instant.MAX))
        : Optional.empty();
  }

  /**
   * What is to be done now.
   *
   * @param after the last tick that was dealt with
   * @return empty if none has come since
   */
  public Optional<Due> due(Instant after, Instant now) {
    Optional<Instant> first = next(after).filter(tick -> !tick.isAfter(now));
    if (first.isEmpty()) {
      return Optional.empty();
    }
    if (catchUp == CatchUp.ALL) {
      return Optional.of(new Due(first.get(), 0, true));
    }
    Instant last = first.get();
    for (int missed = 0; missed < MOST_TICKS; missed++) {
      Optional<Instant> later = next(last).filter(tick -> !tick.isAfter(now));
      if (later.isEmpty()) {
        boolean isInTime = !last.isBefore(now.minus(GRACE));
        return Optional.of(new Due(last, missed, catchUp == CatchUp.LAST || isInTime));
      }
      last = later.get();
    }
    return Optional.of(new Due(last, MOST_TICKS, false));
  }

  /** The values of parameters for the run of a tick. */
  public Map<String, String> parametersAt(Instant tick) {
    if (!(trigger instanceof Trigger.Times times)) {
      return parameters;
    }
    ZonedDateTime local = tick.atZone(times.zone());
    SortedMap<String, String> values = new TreeMap<>();
    parameters.forEach(
        (name, value) ->
            values.put(
                name,
                value
                    .replace("{date}", local.toLocalDate().toString())
                    .replace("{time}", tick.toString())));
    return values;
  }
}
