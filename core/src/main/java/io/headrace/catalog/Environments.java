package io.headrace.catalog;

import io.headrace.table.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps environments: named sets of pointers from tables to versions, each with its history of
 * commits. The environment {@code main} is always there.
 */
public interface Environments {

  /** All environments by name. */
  List<Environment> list();

  Optional<Environment> find(String name);

  /**
   * Makes an environment with the pointers of a commit.
   *
   * @param from the commit to start at; empty for an environment without tables
   * @throws io.headrace.error.HeadraceException if the name is taken or the commit is not there
   */
  Environment create(String name, Optional<Snapshot> from, Instant now);

  /** Forgets an environment and its history; what only it needed becomes garbage. */
  void delete(String name);

  /** The pointers of an environment as they are now: one commit, never a mix of two. */
  Snapshot head(String environment);

  /**
   * The pointers as they were after a commit.
   *
   * @throws io.headrace.error.HeadraceException if there is no such commit
   */
  Snapshot at(long commit);

  /** The last commit of an environment at or before {@code time}, or empty if there is none. */
  Optional<Commit> commitAt(String environment, Instant time);

  /** The commit with that number, or empty. */
  Optional<Commit> findCommit(long commit);

  /** The newest commits of an environment, newest first. */
  List<Commit> log(String environment, int limit);

  /** What a commit changed, by table. */
  List<Change> changes(long commit);

  /**
   * When tables were moved by commits later than that one, each by its first and its last.
   *
   * @param after the number of a commit; 0 for all of the history
   * @param except an author whose commits do not count; empty if all do
   */
  List<Move> moves(String environment, long after, String except);

  /**
   * Moves pointers of one environment, all of them or none, if nothing that the publication expects
   * has changed. Durable when this returns. A publication that changes nothing makes no commit, but
   * still says what the environment is a fork of, if it says so.
   *
   * @return the new commit, or the current head's number if nothing changed
   * @throws io.headrace.error.ConflictException if a pointer that the publication read or writes
   *     has moved since; nothing was written
   * @throws io.headrace.error.OutcomeUnknownException if the write may have happened
   */
  long publish(Publication publication);

  /** Keeps a version from being collected although nothing points at it, or lets it go again. */
  void pin(String version, Instant now);

  /** Returns whether there was such a pin. */
  boolean unpin(String version);

  List<String> pins();

  /** What a commit did to one table: before and after, empty where it was or is not there. */
  record Change(TableName table, Optional<String> before, Optional<String> after) {}

  /** Between which times commits moved a table. */
  record Move(TableName table, Instant first, Instant last) {}
}
