package io.headrace.trigger;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments.Move;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.schedule.Due;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.schedule.WaitFor;
import io.headrace.schedule.Watch;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Says what a schedule is due for: a function of how far it has come and of what is there now, so
 * that nothing has to be kept of what happened between. What comes while a tick runs is seen by the
 * next look. Safe for many threads.
 */
public final class Outlook {
  /** Behind the name of a table whose project only a server knows that serves both. */
  private static final String UNKNOWN = " (not known here)";

  private final Catalog catalog;
  private final Upstreams upstreams;
  private final Inputs inputs;

  public Outlook(Workspace workspace, Upstreams upstreams) {
    this.catalog = workspace.catalog();
    this.upstreams = upstreams;
    this.inputs = new Inputs(workspace, upstreams);
  }

  /** Who publishes what a schedule runs; the key of its lease too. */
  public static String author(Schedule schedule) {
    return "schedule " + schedule.name();
  }

  /** What is to be done about a schedule that stands like that. */
  public Verdict of(Schedule schedule, Standing standing, Instant now) {
    if (standing.paused().isPresent()) {
      return new Verdict.Idle(Optional.empty());
    }
    if (standing.open().isPresent()) {
      return new Verdict.GoOn(standing.open().get());
    }
    Verdict verdict = byTrigger(schedule, standing, now);
    List<Request> waiting = catalog.requests().waiting(schedule.name());
    if (waiting.isEmpty() || isEarlier(verdict, waiting.get(0).asked().at())) {
      return verdict;
    }
    return requested(standing, waiting);
  }

  private Verdict byTrigger(Schedule schedule, Standing standing, Instant now) {
    if (schedule.trigger() instanceof Trigger.Times) {
      return onTime(schedule, standing, now);
    }
    if (schedule.trigger() instanceof Trigger.OnTables on) {
      return onTables(schedule, on, standing, now);
    }
    if (schedule.trigger() instanceof Trigger.OnRevision on) {
      return onRevision(on, standing, now);
    }
    return new Verdict.Idle(Optional.empty());
  }

  private static boolean isEarlier(Verdict verdict, Instant asked) {
    return (verdict instanceof Verdict.Begin begin && !begin.occasion().due().isAfter(asked))
        || (verdict instanceof Verdict.GiveUp giveUp && !giveUp.occasion().due().isAfter(asked));
  }

  /** All that wait and ask for the same are one tick. */
  private static Verdict requested(Standing standing, List<Request> waiting) {
    Request first = waiting.get(0);
    Instant due = first.asked().at();
    return new Verdict.Begin(
        new Occasion(due, due, "", standing.reached(), first.asked().parameters()),
        0,
        waiting.stream()
            .filter(other -> other.asked().parameters().equals(first.asked().parameters()))
            .map(Request::id)
            .toList());
  }

  private Verdict onTime(Schedule schedule, Standing standing, Instant now) {
    Optional<Due> due = schedule.due(standing.after(), now);
    if (due.isEmpty()) {
      return new Verdict.Idle(schedule.next(standing.after()));
    }
    Occasion occasion = onTime(standing, due.get().tick(), due.get().tick(), "");
    if (schedule.waitFor().isPresent()) {
      return waiting(schedule, schedule.waitFor().get(), standing, due.get(), now);
    }
    return due.get().runs()
        ? new Verdict.Begin(occasion, due.get().missed(), List.of())
        : new Verdict.GiveUp(occasion, due.get().missed(), Tick.State.MISSED, "");
  }

  private boolean isKnown(WaitFor.Input input) {
    return !(input instanceof WaitFor.Table table)
        || table.project().filter(name -> upstreams.catalog(name).isEmpty()).isEmpty();
  }

  private static Occasion onTime(Standing standing, Instant due, Instant ready, String lacks) {
    return new Occasion(
        due, ready.isBefore(due) ? due : ready, lacks, standing.reached().at(due), new TreeMap<>());
  }

  /** What is to be done about the last tick that is due, and about those that waited too long. */
  private Verdict waiting(
      Schedule schedule, WaitFor waitFor, Standing standing, Due due, Instant now) {
    List<String> lacks = new ArrayList<>();
    Instant ready = due.tick();
    for (WaitFor.Input input : waitFor.inputs()) {
      Optional<Instant> there = inputs.since(input, schedule, standing, due.tick(), now);
      if (there.isEmpty()) {
        lacks.add(schedule.at(due.tick(), input.text()) + (isKnown(input) ? "" : UNKNOWN));
      } else if (there.get().isAfter(ready)) {
        ready = there.get();
      }
    }
    String words = String.join(", ", lacks);
    Optional<Due> late = schedule.late(standing.after(), now);
    if (!lacks.isEmpty() && late.isPresent()) {
      Instant deadline = late.get().tick().plus(waitFor.deadline().orElseThrow());
      Occasion occasion = onTime(standing, late.get().tick(), deadline, words);
      return waitFor.runsLate()
          ? new Verdict.Begin(occasion, late.get().missed(), List.of())
          : new Verdict.GiveUp(
              occasion,
              late.get().missed(),
              Tick.State.LATE,
              "not there by %s: %s".formatted(deadline, words));
    }
    Occasion occasion = onTime(standing, due.tick(), ready, "");
    if (!due.runs()) {
      return new Verdict.GiveUp(occasion, due.missed(), Tick.State.MISSED, words);
    }
    return lacks.isEmpty()
        ? new Verdict.Begin(occasion, due.missed(), List.of())
        : new Verdict.Waits(due.tick(), lacks, waitFor.deadline().map(due.tick()::plus));
  }

  private static Verdict onRevision(Trigger.OnRevision on, Standing standing, Instant now) {
    SortedMap<String, String> seen = new TreeMap<>(standing.reached().positions());
    String before = seen.put(Trigger.OnRevision.POSITION, on.commit());
    return on.commit().equals(before)
        ? new Verdict.Idle(Optional.empty())
        : new Verdict.Begin(
            new Occasion(now, now, "", standing.reached().with(seen), new TreeMap<>()),
            0,
            List.of());
  }

  private Verdict onTables(Schedule schedule, Trigger.OnTables on, Standing standing, Instant now) {
    SortedMap<String, String> seen = new TreeMap<>(standing.reached().positions());
    List<Move> moves = new ArrayList<>();
    for (Watch watch : on.watches()) {
      Optional<Catalog> watched = catalogOf(watch);
      // The head first: what comes after it is seen by the next look, and twice rather than never.
      Optional<Environment> environment =
          watched.flatMap(found -> found.environments().find(watch.environment()));
      if (environment.isPresent()) {
        moves.addAll(moves(schedule, standing, watch, watched.get(), environment.get()));
        seen.put(watch.source(), String.valueOf(environment.get().head()));
      }
    }
    if (moves.isEmpty()) {
      return new Verdict.Idle(Optional.empty());
    }
    Instant due =
        on.due(
            moves.stream().map(Move::first).min(Comparator.naturalOrder()).orElseThrow(),
            moves.stream().map(Move::last).max(Comparator.naturalOrder()).orElseThrow());
    return due.isAfter(now)
        ? new Verdict.Idle(Optional.of(due))
        : new Verdict.Begin(
            new Occasion(due, due, "", standing.reached().with(seen), new TreeMap<>()),
            0,
            List.of());
  }

  /** What moved since it was last looked at; at the first look, all that is there. */
  private static List<Move> moves(
      Schedule schedule, Standing standing, Watch watch, Catalog watched, Environment environment) {
    Predicate<TableName> isWatched =
        watch.tables().stream()
            .map(TableName::matching)
            .reduce(Predicate::or)
            .orElse(table -> false);
    Optional<Long> before =
        Optional.ofNullable(standing.reached().positions().get(watch.source())).map(Long::valueOf);
    if (before.isEmpty()) {
      return watched.environments().head(environment.name()).versions().keySet().stream()
          .filter(isWatched)
          .map(table -> new Move(table, standing.since(), standing.since()))
          .toList();
    }
    if (before.get() == environment.head()) {
      return List.of();
    }
    String self = watch.project().isEmpty() ? author(schedule) : "";
    return watched.environments().moves(environment.name(), before.get(), self).stream()
        .filter(move -> isWatched.test(move.table()))
        .toList();
  }

  private Optional<Catalog> catalogOf(Watch watch) {
    return watch.project().isEmpty()
        ? Optional.of(catalog)
        : upstreams.catalog(watch.project().get());
  }
}
