package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.QueryException;
import io.headrace.faults.TestProject.Parts;
import io.headrace.maintain.Doctor;
import io.headrace.query.Reader;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableName;
import io.headrace.workspace.Apart;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A project that is kept open, dies now and then, and is opened again later, when the dead process
 * counts as dead. Of one thread.
 */
final class KillableProject implements AutoCloseable {
  /** Later than that the leases of a dead process are free. */
  private static final Duration DEAD = Duration.ofMinutes(2);

  private final TestProject project;
  private final Engine engine;
  private final Optional<Engine> apart;
  private final Tally tally;
  private final AtomicInteger untilFailure = new AtomicInteger();
  private Clock clock = Clock.systemUTC();
  private MortalProcess process;
  private Workspace workspace;

  /**
   * @param apart in which tasks are computed that are kept apart: all of them, if there is one
   */
  KillableProject(TestProject project, Engine engine, Optional<Engine> apart, Tally tally) {
    this.project = project;
    this.engine = engine;
    this.apart = apart;
    this.tally = tally;
    this.process = new MortalProcess();
    this.workspace = open();
  }

  private Workspace open() {
    return project.open(
        new Operations(process)
            .parts(watched(engine))
            .with(apart.map(other -> new Apart(watched(other), true)))
            .with(clock));
  }

  private WatchedEngine watched(Engine one) {
    return new WatchedEngine(new SharedEngine(Parts.USUAL.engine(), one), watcher());
  }

  TestProject files() {
    return project;
  }

  /** What is open now; another after a kill. */
  Workspace workspace() {
    return workspace;
  }

  /** Does something, and returns how many operations it took. */
  int count(Runnable work) {
    return process.count(work);
  }

  /**
   * Does something and dies at an operation of it, if it has so many. All that is left is whole.
   *
   * @return whether it died
   */
  boolean killAt(int operation, Runnable work, String where) {
    String end = process.dieAt(operation, work);
    if (end.isEmpty()) {
      return false;
    }
    tally.died(end);
    workspace.close();
    clock = Clock.offset(clock, DEAD);
    process = new MortalProcess();
    workspace = open();
    assertThat(new Doctor(workspace).examine().problems())
        .as("%s; died at '%s'", where, end)
        .isEmpty();
    return true;
  }

  /** Runs with an engine that fails once, at one of the things that it is told to do. */
  RunResult failAt(int work, TestRun run) {
    untilFailure.set(work);
    try {
      return run.in(workspace);
    } finally {
      untilFailure.set(0);
    }
  }

  /** The rows of some queries, at the head of {@code main}. */
  Map<String, String> contents(SortedMap<String, String> queries) {
    return contents(workspace, queries);
  }

  private static Map<String, String> contents(
      Workspace workspace, SortedMap<String, String> queries) {
    Map<String, String> contents = new TreeMap<>();
    Snapshot head = workspace.catalog().environments().head("main");
    try (Reader reader = new Reader(workspace, head)) {
      queries.forEach(
          (table, query) -> {
            boolean isThere = head.version(TableName.parse(table)).isPresent();
            contents.put(
                table,
                isThere
                    ? reader
                        .query(query + " ORDER BY ALL", Long.MAX_VALUE, Cancellation.never())
                        .values()
                        .toString()
                    : "no table");
          });
    }
    return contents;
  }

  /** What a build from nothing makes of the project as it is. */
  Map<String, String> rebuilt(Path emptyCatalog, SortedMap<String, String> queries, String where) {
    Path state = project.root().resolveSibling(project.root().getFileName() + "-rebuilt");
    TestProject.doing(
        () -> Files.copy(emptyCatalog, Files.createDirectories(state).resolve("catalog.db")));
    Map<String, String> contents;
    try (Workspace fresh = TestProject.elsewhere(workspace, engine, state)) {
      assertThat(TestRun.of(fresh).tasks()).as(where).allMatch(TaskOutcome::isGood);
      contents = contents(fresh, queries);
    }
    Histories.delete(state);
    return contents;
  }

  /** The names of all versions that are there. */
  Set<String> versions() {
    return workspace.catalog().versions().all().stream()
        .map(Version::id)
        .collect(Collectors.toSet());
  }

  private WatchedEngine.Watcher watcher() {
    return new WatchedEngine.Watcher() {
      @Override
      public void beforeWrite(TableName table) {
        failIfTold();
      }

      @Override
      public void beforeWriteOf(TableName table, PartitionSet partitions) {
        tally.add("write of some partitions");
      }

      @Override
      public void beforeUpdate(TableName table) {
        tally.add("update by key");
        failIfTold();
      }

      @Override
      public void afterWrite(TableName table) {
        failIfTold();
      }
    };
  }

  private void failIfTold() {
    if (untilFailure.get() > 0 && untilFailure.decrementAndGet() == 0) {
      throw new QueryException("broken", "");
    }
  }

  @Override
  public void close() {
    workspace.close();
  }
}
