package io.headrace.server.alert;

import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.catalog.Tick;
import io.headrace.run.RunEvent;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.ServedProject;
import io.headrace.table.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says when a tick that goes on will be over, by how long its tables took before: the part of their
 * work that is still to do takes the same part of the time. Used by one thread.
 */
final class RunForecast {
  private static final int RUNS = 10;

  private final ServedProject project;

  /** By schedule. */
  private final Map<String, Work> known = new HashMap<>();

  RunForecast(ServedProject project) {
    this.project = project;
  }

  /**
   * What there mostly is to do.
   *
   * @param tick for which that was found out
   * @param tables how long each takes
   */
  private record Work(long tick, Map<TableName, Duration> tables) {}

  /** How long a tick that goes on will go on; empty if there is too little to tell by. */
  Optional<Duration> remaining(Tick tick, TickHistory history, Instant now) {
    Optional<Duration> typical = history.typical();
    if (typical.isEmpty()) {
      return Optional.empty();
    }
    Duration elapsed = TickHistory.duration(tick, now);
    Optional<Set<TableName>> done = done(tick);
    Map<TableName, Duration> work = work(tick, history);
    double all = millis(work, work.keySet());
    if (done.isEmpty() || all == 0) {
      Duration rest = typical.get().minus(elapsed);
      return Optional.of(rest.isNegative() ? Duration.ZERO : rest);
    }
    double rest = 1 - millis(work, done.get()) / all;
    return Optional.of(Duration.ofMillis(Math.round(rest * typical.get().toMillis())));
  }

  private static double millis(Map<TableName, Duration> work, Set<TableName> tables) {
    return tables.stream()
        .mapToDouble(table -> (double) work.getOrDefault(table, Duration.ZERO).toMillis())
        .sum();
  }

  /** The tables that its run is done with; empty if another server carries it out. */
  private Optional<Set<TableName>> done(Tick tick) {
    return project.runs().stream()
        .filter(run -> !run.isOver() && run.order().cause().equals(tick.cause()))
        .findFirst()
        .map(RunForecast::done);
  }

  private static Set<TableName> done(OngoingRun run) {
    Set<TableName> done = new HashSet<>();
    for (RunEvent event : run.history().sofar()) {
      if (event instanceof RunEvent.TaskFinished finished) {
        done.add(finished.outcome().table());
      }
    }
    return done;
  }

  private Map<TableName, Duration> work(Tick tick, TickHistory history) {
    Work last = known.get(tick.schedule());
    if (last != null && last.tick() == tick.number()) {
      return last.tables();
    }
    Runs runs = project.workspace().catalog().runs();
    Map<TableName, List<Duration>> durations = new HashMap<>();
    for (Tick before : history.published(RUNS)) {
      for (TaskRun task : before.run().map(runs::tasks).orElse(List.of())) {
        if (!task.duration().isZero()) {
          durations.computeIfAbsent(task.table(), t -> new ArrayList<>()).add(task.duration());
        }
      }
    }
    Map<TableName, Duration> tables = new HashMap<>();
    durations.forEach(
        (table, all) -> {
          Collections.sort(all);
          tables.put(table, all.get(all.size() / 2));
        });
    known.put(tick.schedule(), new Work(tick.number(), tables));
    return tables;
  }
}
