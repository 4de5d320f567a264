package io.headrace.publish;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Snapshot;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.table.TableName;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Moves pointers back to where they were after an earlier commit: all of them, or a table together
 * with everything that depends on it. History is not rewritten: a rollback is a commit of its own,
 * and can be rolled back.
 */
public final class Rollback {
  private final Catalog catalog;

  public Rollback(Catalog catalog) {
    this.catalog = catalog;
  }

  /** What a rollback did: the new commit, if anything moved, and the commit it went back to. */
  public record RolledBack(
      Optional<Long> commit, long to, SortedMap<TableName, Optional<String>> changes) {}

  /**
   * Rolls back.
   *
   * @param to the commit to go back to; if empty, the one before the newest
   * @param only the tables to move; if empty, all
   * @throws UsageException if the commit is not one of the environment
   */
  public RolledBack rollback(
      String environment, Optional<Long> to, Set<TableName> only, String author, Instant now) {
    Snapshot head = catalog.environments().head(environment);
    Snapshot past = past(head, to);
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    TreeSet<TableName> tables = new TreeSet<>(head.versions().keySet());
    tables.addAll(past.versions().keySet());
    if (!only.isEmpty()) {
      tables.retainAll(only);
    }
    for (TableName table : tables) {
      if (!past.version(table).equals(head.version(table))) {
        changes.put(table, past.version(table));
      }
    }
    if (changes.isEmpty()) {
      return new RolledBack(Optional.empty(), past.commit(), changes);
    }
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    head.versions().forEach((table, version) -> expected.put(table, Optional.of(version)));
    changes.keySet().forEach(table -> expected.put(table, head.version(table)));
    String what = only.isEmpty() ? "" : " of " + only.iterator().next() + " and what reads it";
    long commit =
        catalog
            .environments()
            .publish(
                new Publication(
                    environment,
                    author,
                    "rollback%s to commit %d".formatted(what, past.commit()),
                    Optional.empty(),
                    now,
                    expected,
                    changes,
                    Optional.empty()));
    return new RolledBack(Optional.of(commit), past.commit(), changes);
  }

  private Snapshot past(Snapshot head, Optional<Long> to) {
    String environment = head.environment();
    if (to.isEmpty()) {
      Commit newest =
          catalog
              .environments()
              .findCommit(head.commit())
              .orElseThrow(
                  () ->
                      new HeadraceException(
                          "Cannot roll back '%s': it has no commits".formatted(environment),
                          "Publish something first with `headrace run`"));
      return newest.parent() == 0
          ? new Snapshot(environment, 0, new TreeMap<>())
          : catalog.environments().at(newest.parent());
    }
    Optional<Commit> commit = catalog.environments().findCommit(to.get());
    if (commit.isEmpty() || !commit.get().environment().equals(environment)) {
      throw new UsageException(
          "Cannot roll back '%s' to commit %d: it has no such commit"
              .formatted(environment, to.get()),
          "See its commits with `headrace log --env %s`".formatted(environment));
    }
    return catalog.environments().at(to.get());
  }
}
