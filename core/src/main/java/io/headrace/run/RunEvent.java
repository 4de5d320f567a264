package io.headrace.run;

import io.headrace.check.CheckOutcome;
import io.headrace.rewrite.Compactor;
import io.headrace.table.TableName;

/** Something that happened in a run, for people who watch and programs that listen. */
public sealed interface RunEvent {

  /**
   * A run, or another attempt of it on a newer commit, begins.
   *
   * @param tasks how many tasks are selected
   * @param toBuild how many of them are known to need a build
   */
  record Started(String run, String environment, long commit, int tasks, long toBuild)
      implements RunEvent {}

  /** A build begins. */
  record TaskStarted(TableName table, String reason) implements RunEvent {}

  /** Another process builds the same version, and this run waits for it. */
  record TaskWaiting(TableName table) implements RunEvent {}

  /** A build failed and is tried again. */
  record TaskRetried(TableName table, int attempt, String message) implements RunEvent {}

  /**
   * Another part of a table that is made in parts is there.
   *
   * @param done how many parts are there now
   * @param reused how many of those need not be made
   * @param total how many parts the table has
   * @param rows of those that were made
   */
  record PartFinished(TableName table, int done, int reused, int total, long rows)
      implements RunEvent {}

  /** A task is over. */
  record TaskFinished(TaskOutcome outcome) implements RunEvent {}

  /** A check was asked. */
  record CheckFinished(CheckOutcome outcome) implements RunEvent {}

  /** The environment moved while the run went, so that it plans again. */
  record Conflicted(String message) implements RunEvent {}

  /** Many small files of a table that was published were made into few. */
  record Compacted(Compactor.Compacted compacted) implements RunEvent {}

  /** That failed; what was published stays, and the files are as they were. */
  record NotCompacted(TableName table, String message) implements RunEvent {}

  /** The run is over. */
  record Finished(RunResult result) implements RunEvent {}
}
