package io.headrace.server.alert;

import io.headrace.anomaly.Expectation;
import io.headrace.anomaly.Expectations;
import io.headrace.anomaly.Observation;
import io.headrace.anomaly.Quantity;
import io.headrace.anomaly.Sensitivity;
import io.headrace.catalog.Catalog;
import io.headrace.catalog.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How long ticks of a schedule take that publish something. Those that find nothing to do say
 * nothing of the others.
 */
final class TickHistory {
  private static final int LATEST = 200;

  /** Fewer are no history. */
  private static final int LEAST_TYPICAL = 3;

  private final List<Tick> latestFirst;

  private TickHistory(List<Tick> latestFirst) {
    this.latestFirst = latestFirst;
  }

  static TickHistory of(Catalog catalog, String schedule) {
    return new TickHistory(catalog.schedules().ticks(Optional.of(schedule), LATEST));
  }

  /** The tick that goes on, if one does. */
  Optional<Tick> open() {
    return latestFirst.stream().findFirst().filter(tick -> tick.state() == Tick.State.RUNNING);
  }

  /** The last one that went well. */
  Optional<Tick> lastGood() {
    return latestFirst.stream().filter(TickHistory::isGood).findFirst();
  }

  private static boolean isGood(Tick tick) {
    return tick.state() == Tick.State.PUBLISHED || tick.state() == Tick.State.UNCHANGED;
  }

  /** How long a tick took, or takes so far. */
  static Duration duration(Tick tick, Instant now) {
    return Duration.between(tick.startedAt(), tick.finishedAt().orElse(now));
  }

  /** The last ticks that published, the latest first. */
  List<Tick> published(int limit) {
    return latestFirst.stream()
        .filter(tick -> tick.state() == Tick.State.PUBLISHED)
        .limit(limit)
        .toList();
  }

  /** How long a tick is expected to take at most, by those before it. */
  Optional<Expectation> expected(Tick tick) {
    List<Observation> before = new ArrayList<>();
    for (Tick other : published(LATEST)) {
      if (other.number() < tick.number() && before.size() < Expectations.DEFAULT_HISTORY) {
        before.add(new Observation(other.startedAt(), seconds(other)));
      }
    }
    Collections.reverse(before);
    return Expectations.of(before, tick.startedAt(), Quantity.DURATION, 0, Sensitivity.NORMAL);
  }

  private static double seconds(Tick over) {
    return duration(over, over.startedAt()).toMillis() / 1000.0;
  }

  /** How long a tick mostly takes; empty if there were too few. */
  Optional<Duration> typical() {
    List<Duration> durations =
        published(Expectations.DEFAULT_HISTORY).stream()
            .map(tick -> duration(tick, tick.startedAt()))
            .sorted()
            .toList();
    return durations.size() < LEAST_TYPICAL
        ? Optional.empty()
        : Optional.of(durations.get(durations.size() / 2));
  }
}
