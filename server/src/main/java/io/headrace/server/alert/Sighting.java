package io.headrace.server.alert;

import io.headrace.catalog.Runs;
import io.headrace.catalog.Tick;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.schedule.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is wrong with something, if anything is, as a tick or a run shows it. */
final class Sighting {
  private Sighting() {}

  /** What is wrong with a schedule by one of its ticks: the worst of it. */
  static Optional<Kind> of(Tick tick) {
    if (tick.state() == Tick.State.FAILED) {
      return Optional.of(Kind.FAILED);
    }
    if (!tick.occasion().lacks().isEmpty()) {
      return Optional.of(Kind.DEADLINE);
    }
    if (tick.state() == Tick.State.MISSED || tick.missed() > 0) {
      return Optional.of(Kind.MISSED);
    }
    return delay(tick).compareTo(Schedule.GRACE) > 0 ? Optional.of(Kind.LATE) : Optional.empty();
  }

  /** How long after it could be run it was begun. */
  private static Duration delay(Tick tick) {
    return Duration.between(tick.occasion().ready(), tick.startedAt());
  }

  /** What was wrong before a tick; a tick that somebody stopped says nothing. */
  static Optional<Kind> before(Tick tick, List<Tick> latestFirst) {
    return latestFirst.stream()
        .filter(other -> other.number() < tick.number())
        .filter(Sighting::says)
        .findFirst()
        .flatMap(Sighting::of);
  }

  /** Of a tick that goes on, only that it lacks something is known. */
  static boolean says(Tick tick) {
    return tick.state() == Tick.State.RUNNING
        ? !tick.occasion().lacks().isEmpty()
        : tick.state() != Tick.State.CANCELLED;
  }

  /** What was wrong with what runs of that cause do, before one of them. */
  static Optional<Kind> before(String run, String cause, List<Runs.Run> latestFirst) {
    return latestFirst.stream()
        .filter(other -> other.cause().equals(cause) && !other.id().equals(run))
        .filter(other -> other.finishedAt().isPresent())
        .filter(other -> other.state() != Runs.State.CANCELLED)
        .findFirst()
        .filter(other -> other.state() == Runs.State.FAILED)
        .map(failed -> Kind.FAILED);
  }

  /** In words, for people. */
  static String words(Tick tick) {
    if (tick.state() == Tick.State.FAILED) {
      return tick.message();
    }
    if (!tick.occasion().lacks().isEmpty()) {
      return "%s at %s without %s"
          .formatted(
              tick.state() == Tick.State.LATE ? "not run" : "run",
              tick.due(),
              tick.occasion().lacks());
    }
    long missed = tick.missed() + (tick.state() == Tick.State.MISSED ? 1 : 0);
    if (missed > 0) {
      return "%d of its ticks up to %s %s not run"
          .formatted(missed, tick.due(), missed == 1 ? "was" : "were");
    }
    Duration delay = delay(tick);
    return delay.compareTo(Schedule.GRACE) > 0
        ? "due at %s, begun %d minutes later".formatted(tick.due(), delay.toMinutes())
        : "";
  }
}
