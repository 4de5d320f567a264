package io.headrace.server.access;

import io.headrace.catalog.Runs;
import io.headrace.table.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs that somebody sees, with what he sees of them. Only reads. */
record SeenRuns(Runs all, Sight sight) implements Runs {
  private static final int MOST = 20_000;

  /** Looks further back, until there are enough that are seen. */
  @Override
  public List<Run> list(int limit) {
    int wanted = limit;
    while (true) {
      List<Run> found = all.list(wanted);
      List<Run> seen = found.stream().filter(this::isSeen).limit(limit).toList();
      if (seen.size() == limit || found.size() < wanted || wanted >= MOST) {
        return seen;
      }
      wanted = Math.min(MOST, wanted * 4);
    }
  }

  private boolean isSeen(Run run) {
    return sight.sees(run.environment());
  }

  @Override
  public Optional<Run> find(String run) {
    return all.find(run).filter(this::isSeen);
  }

  @Override
  public Optional<Long> committed(String cause) {
    return sight.seesAll() ? all.committed(cause) : Optional.empty();
  }

  @Override
  public Map<TableName, TaskRun> lastBuilds() {
    return sight.seesAll() ? all.lastBuilds() : Map.of();
  }

  @Override
  public Optional<Instant> lastLook(String environment, TableName table, String except) {
    return sight.sees(environment, table)
        ? all.lastLook(environment, table, except)
        : Optional.empty();
  }

  @Override
  public List<String> old(Instant keepSince, Instant now) {
    throw onlyReads();
  }

  @Override
  public void forget(List<String> runs) {
    throw onlyReads();
  }

  @Override
  public void forgetLooks(Instant before) {
    throw onlyReads();
  }

  @Override
  public void looked(Look look) {
    throw onlyReads();
  }

  /** What a task says of itself can hold names and values of other tables. */
  @Override
  public List<TaskRun> tasks(String run) {
    Optional<Run> found = find(run);
    if (found.isEmpty()) {
      return List.of();
    }
    String environment = found.get().environment();
    boolean isAll = sight.seesAllRows(environment);
    return all.tasks(run).stream()
        .filter(task -> sight.sees(environment, task.table()))
        .map(task -> isAll ? task : silent(task))
        .toList();
  }

  private static TaskRun silent(TaskRun task) {
    return new TaskRun(
        task.table(), task.outcome(), task.duration(), task.rowCount(), task.sizeBytes(), "");
  }

  @Override
  public void start(Run run) {
    throw onlyReads();
  }

  @Override
  public void heartbeat(String run, Instant now) {
    throw onlyReads();
  }

  @Override
  public void finish(String run, State state, Optional<Long> commit, Instant now) {
    throw onlyReads();
  }

  @Override
  public void recordTasks(String run, List<TaskRun> tasks) {
    throw onlyReads();
  }

  private static IllegalStateException onlyReads() {
    return new IllegalStateException("What somebody sees is not what is there");
  }
}
