package io.headrace.server.access;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Snapshot;
import io.headrace.error.HeadraceException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The environments that somebody sees, with the tables that he sees. Only reads. */
record SeenEnvironments(Environments all, Sight sight) implements Environments {
  private static final String UNSAID = "(about what you do not see)";

  @Override
  public List<Environment> list() {
    return all.list().stream().filter(one -> sight.sees(one.name())).toList();
  }

  @Override
  public Optional<Environment> find(String name) {
    return all.find(name).filter(one -> sight.sees(one.name()));
  }

  @Override
  public Snapshot head(String environment) {
    if (!sight.sees(environment)) {
      throw new HeadraceException("There is no environment '%s'".formatted(environment), "");
    }
    return sight.narrow(all.head(environment));
  }

  @Override
  public Snapshot at(long commit) {
    if (findCommit(commit).isEmpty()) {
      throw new HeadraceException("There is no commit %d".formatted(commit), "");
    }
    return sight.narrow(all.at(commit));
  }

  @Override
  public Optional<Commit> commitAt(String environment, Instant time) {
    return sight.sees(environment)
        ? all.commitAt(environment, time).map(this::told)
        : Optional.empty();
  }

  @Override
  public Optional<Commit> findCommit(long commit) {
    return all.findCommit(commit).filter(one -> sight.sees(one.environment())).map(this::told);
  }

  @Override
  public List<Commit> log(String environment, int limit) {
    return sight.sees(environment)
        ? all.log(environment, limit).stream().map(this::told).toList()
        : List.of();
  }

  /** What a commit says of itself names tables, and the environment that they come from. */
  private Commit told(Commit commit) {
    return seesWhatChanged(commit) && !namesHidden(commit.message())
        ? commit
        : commit.saying(UNSAID);
  }

  private boolean seesWhatChanged(Commit commit) {
    String environment = commit.environment();
    return sight.seesAllTables(environment)
        || all.changes(commit.id()).stream()
            .allMatch(change -> sight.sees(environment, change.table()));
  }

  private boolean namesHidden(String message) {
    return !message.isEmpty()
        && !sight.seesAll()
        && all.list().stream()
            .anyMatch(one -> !sight.sees(one.name()) && message.contains(one.name()));
  }

  @Override
  public List<Change> changes(long commit) {
    Optional<Commit> found = all.findCommit(commit);
    if (found.isEmpty()) {
      return all.changes(commit);
    }
    String environment = found.get().environment();
    return all.changes(commit).stream()
        .filter(change -> sight.sees(environment, change.table()))
        .toList();
  }

  @Override
  public List<Move> moves(String environment, long after, String except) {
    return all.moves(environment, after, except).stream()
        .filter(move -> sight.sees(environment, move.table()))
        .toList();
  }

  @Override
  public List<String> pins() {
    return sight.seesAll() ? all.pins() : List.of();
  }

  @Override
  public Environment create(String name, Optional<Snapshot> from, Instant now) {
    throw onlyReads();
  }

  @Override
  public void delete(String name) {
    throw onlyReads();
  }

  @Override
  public long publish(Publication publication) {
    throw onlyReads();
  }

  @Override
  public void pin(String version, Instant now) {
    throw onlyReads();
  }

  @Override
  public boolean unpin(String version) {
    throw onlyReads();
  }

  /** What is published from a part of the pointers would lose the others. */
  private static IllegalStateException onlyReads() {
    return new IllegalStateException("What somebody sees is not what is there");
  }
}
