package io.headrace.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says when tables are to be brought up to date, without anybody asking.
 *
 * @param waitFor what must be there before a tick of the clock is run, if anything must
 * @param select the tables, as on the command line; empty for all
 * @param environment that is published to
 * @param parameters values that replace defaults; <code>{date}</code> and <code>{time}</code> in
 *     them are the tick's
 * @param pool the name of the pool whose places its runs take
 * @param priority if several wait for a place, those with the highest number go first
 * @param objective how long its runs may take before somebody is told, if that is said
 */
public record Schedule(
    String name,
    String description,
    Trigger trigger,
    Optional<WaitFor> waitFor,
    List<String> select,
    String environment,
    SortedMap<String, String> parameters,
    CatchUp catchUp,
    String pool,
    int priority,
    Optional<Duration> objective) {
  /** The pool of schedules that name none. */
  public static final String DEFAULT_POOL = "default";

  /** How late a tick may begin that is not to be caught up with. */
  public static final Duration GRACE = Duration.ofMinutes(1);

  /** Ticks that are counted in one step. */
  private static final int MOST_TICKS = 10_000;

  public Schedule {
    requireNonNull(name, "name is null");
    requireNonNull(trigger, "trigger is null");
    requireNonNull(waitFor, "waitFor is null");
    requireNonNull(catchUp, "catchUp is null");
    requireNonNull(objective, "objective is null");
    select = List.copyOf(select);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** The other projects whose tables it watches or waits for. */
  public SortedSet<String> upstreams() {
    SortedSet<String> upstreams = new TreeSet<>();
    if (trigger instanceof Trigger.OnTables on) {
      on.watches().forEach(watch -> watch.project().ifPresent(upstreams::add));
    }
    for (WaitFor.Input input : waitFor.map(WaitFor::inputs).orElse(List.of())) {
      if (input instanceof WaitFor.Table table) {
        table.project().ifPresent(upstreams::add);
      }
    }
    return upstreams;
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
    return last(after, now)
        .map(
            due ->
                due.runs() && catchUp == CatchUp.NONE && !isInTime(due.tick(), now)
                    ? new Due(due.tick(), due.missed(), false)
                    : due);
  }

  /** The last tick whose deadline has passed, with those before it; empty if none has. */
  public Optional<Due> late(Instant after, Instant now) {
    return waitFor.flatMap(WaitFor::deadline).flatMap(deadline -> last(after, now.minus(deadline)));
  }

  /** A tick that may wait is in time as long as it may. */
  private boolean isInTime(Instant tick, Instant now) {
    return waitFor.isPresent()
        ? waitFor.get().deadline().filter(d -> tick.plus(d).isBefore(now)).isEmpty()
        : !tick.isBefore(now.minus(GRACE));
  }

  /** The last tick up to {@code now} and how many came before it, or the first if each is run. */
  private Optional<Due> last(Instant after, Instant now) {
    Optional<Instant> first = next(after).filter(tick -> !tick.isAfter(now));
    if (first.isEmpty() || catchUp == CatchUp.ALL) {
      return first.map(tick -> new Due(tick, 0, true));
    }
    Instant last = first.get();
    for (int missed = 0; missed < MOST_TICKS; missed++) {
      Optional<Instant> later = next(last).filter(tick -> !tick.isAfter(now));
      if (later.isEmpty()) {
        return Optional.of(new Due(last, missed, true));
      }
      last = later.get();
    }
    return Optional.of(new Due(last, MOST_TICKS, false));
  }

  /** The values of parameters for the run of a tick. */
  public Map<String, String> parametersAt(Instant tick) {
    if (trigger instanceof Trigger.Follow) {
      return parameters;
    }
    SortedMap<String, String> values = new TreeMap<>();
    parameters.forEach((name, value) -> values.put(name, at(tick, value)));
    return values;
  }

  /** A text with the date and the time of a tick in it, if it asks for them. */
  public String at(Instant tick, String text) {
    ZoneId zone = trigger instanceof Trigger.Times times ? times.zone() : ZoneOffset.UTC;
    return text.replace("{date}", tick.atZone(zone).toLocalDate().toString())
        .replace("{time}", tick.toString());
  }
}
