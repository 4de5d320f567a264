package io.headrace.run;

import io.headrace.graph.Graph;
import io.headrace.table.TableName;
import java.util.Optional;
import java.util.Set;

/**
 * What a run shall do.
 *
 * @param selected the tables to bring up to date
 * @param refresh the tables to build even if their version is there
 * @param forward the incremental tables that keep the rows that are there, though other code made
 *     them
 * @param jobs how many tasks are built at the same time, 1 or more
 * @param publish what is published if a task or a check fails
 * @param author who asks for it
 * @param onto if present, the environment is from now on a fork of that commit of another
 * @param message for the commit; if empty, the run says what it built
 * @param givesUpNothing whether it is an error if rows of what is refreshed are gone from an
 *     outside system; else the table is made of those that are left
 * @param backfill if present, only these partitions of a table that is in {@code refresh} are built
 * @param origin what the run comes from
 */
public record RunRequest(
    String environment,
    Set<TableName> selected,
    Set<TableName> refresh,
    Set<TableName> forward,
    int jobs,
    PublishMode publish,
    String author,
    String message,
    Optional<Long> onto,
    Optional<Backfill> backfill,
    boolean givesUpNothing,
    Origin origin) {
  public RunRequest {
    selected = Set.copyOf(selected);
    refresh = Set.copyOf(refresh);
    forward = Set.copyOf(forward);
    if (jobs < 1) {
      throw new IllegalArgumentException("Invalid number of jobs %d".formatted(jobs));
    }
  }

  /** One that a person's command asks for. */
  public RunRequest(
      String environment,
      Set<TableName> selected,
      Set<TableName> refresh,
      Set<TableName> forward,
      int jobs,
      PublishMode publish,
      String author,
      String message,
      Optional<Long> onto,
      Optional<Backfill> backfill,
      boolean givesUpNothing) {
    this(
        environment,
        selected,
        refresh,
        forward,
        jobs,
        publish,
        author,
        message,
        onto,
        backfill,
        givesUpNothing,
        Origin.COMMAND);
  }

  /** The same with other answers to what becomes of rows that other code made. */
  public RunRequest with(Set<TableName> newRefresh, Set<TableName> newForward) {
    return with(selected, newRefresh, newForward);
  }

  /** The same with the halves of tables that reject rows, which are only made together. */
  RunRequest with(Graph graph) {
    return with(graph.withHalves(selected), graph.withHalves(refresh), graph.withHalves(forward));
  }

  private RunRequest with(
      Set<TableName> newSelected, Set<TableName> newRefresh, Set<TableName> newForward) {
    return new RunRequest(
        environment,
        newSelected,
        newRefresh,
        newForward,
        jobs,
        publish,
        author,
        message,
        onto,
        backfill,
        givesUpNothing,
        origin);
  }

  /** What is published if something fails. */
  public enum PublishMode {
    /** Nothing. */
    ALL,
    /** The parts of the graph that hang together and in which nothing failed. */
    READY
  }
}
