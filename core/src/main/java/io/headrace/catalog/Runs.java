package io.headrace.catalog;

import io.headrace.table.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Remembers runs and how their tasks went. A live run protects what it builds from collection. */
public interface Runs {

  void start(Run run);

  /** Says that the run is alive; one that has not said so for a minute counts as dead. */
  void heartbeat(String run, Instant now);

  void finish(String run, State state, Optional<Long> commit, Instant now);

  void recordTasks(String run, List<TaskRun> tasks);

  /** The last successful build of each table, for estimates. */
  Map<TableName, TaskRun> lastBuilds();

  /** The latest runs, newest first. */
  List<Run> list(int limit);

  Optional<Run> find(String run);

  /** The newest commit that a run of this cause made. */
  Optional<Long> committed(String cause);

  List<TaskRun> tasks(String run);

  /**
   * The runs whose records nobody needs any more, oldest first. Kept are those that began since
   * {@code keepSince}, that go on, that a version names, or a tick that is kept since then, or a
   * commit that is still reached from there on, and the newest of each environment.
   *
   * @param now a run that said that it is alive within the minute before goes on
   */
  List<String> old(Instant keepSince, Instant now);

  /**
   * Forgets what is known of old runs and of their tasks, little by little, so that nobody waits
   * long for it. May be interrupted at any time, and done again. Of a run that made a commit it
   * stays known that it was, since by that it is told whether what asked for it was done.
   */
  void forget(List<String> runs);

  /** Remembers that somebody looked at tables. The latest time counts. */
  void looked(Look look);

  /** Forgets who looked at tables before a moment. */
  void forgetLooks(Instant before);

  /**
   * When somebody last looked at a table.
   *
   * @param except who does not count; empty if everybody does
   */
  Optional<Instant> lastLook(String environment, TableName table, String except);

  /**
   * Tables were brought up to date, or found to be; whatever that needed went well.
   *
   * @param tables empty for all
   * @param by the schedule that did it, as a fence names it, or empty
   */
  record Look(String environment, Set<TableName> tables, String by, Instant at) {
    public Look {
      tables = Set.copyOf(tables);
    }
  }

  /** How a run stands. */
  enum State {
    RUNNING,
    PUBLISHED,
    UNCHANGED,
    FAILED,
    CANCELLED
  }

  /**
   * A run.
   *
   * @param cause what asked for it, such as a tick of a schedule; empty if it was a person's
   *     command
   */
  record Run(
      String id,
      String environment,
      Instant startedAt,
      State state,
      Optional<Long> commit,
      String cause,
      Optional<Instant> finishedAt) {
    /** One that begins. */
    public Run(String id, String environment, Instant startedAt, String cause) {
      this(id, environment, startedAt, State.RUNNING, Optional.empty(), cause, Optional.empty());
    }
  }

  /**
   * How one task of a run went.
   *
   * @param outcome {@code built}, {@code reused}, {@code failed}, {@code skipped}
   * @param message why it failed, or empty
   */
  record TaskRun(
      TableName table,
      String outcome,
      Duration duration,
      long rowCount,
      long sizeBytes,
      String message) {}
}
