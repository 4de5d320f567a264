package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.sqlite.Database.CommitFailedException;
import io.headrace.error.HeadraceException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** Environments in SQLite. The statements that a publication consists of are in {@link Head}. */
final class SqliteEnvironments implements Environments {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");
  private static final String COMMIT =
      "SELECT id, environment, parent, author, message, run, at FROM commits ";

  private final Database database;

  SqliteEnvironments(Database database) {
    this.database = database;
  }

  @Override
  public List<Environment> list() {
    return database.read(
        "list environments",
        sql -> sql.list(Head.ENVIRONMENT + "ORDER BY name", Head::readEnvironment));
  }

  @Override
  public Optional<Environment> find(String name) {
    return database.read(reading(name), sql -> Head.find(sql, name));
  }

  @Override
  public Environment create(String name, Optional<Snapshot> from, Instant now) {
    String doing = "create environment '%s'".formatted(name);
    if (!NAME.matcher(name).matches()) {
      throw new HeadraceException(
          "Cannot %s: that is not a name for one".formatted(doing),
          "Use a-z, 0-9, _ and -, and begin with a letter");
    }
    return database.write(
        SYNCED,
        doing,
        sql -> {
          if (Head.find(sql, name).isPresent()) {
            throw new HeadraceException(
                "Cannot %s: there is one of that name".formatted(doing), "Choose another name");
          }
          Optional<Long> base = from.map(Snapshot::commit).filter(commit -> commit > 0);
          SortedMap<TableName, String> pointers = new TreeMap<>();
          if (base.isPresent()) {
            pointers.putAll(stateAt(sql, doing, base.get()).versions());
          }
          return Head.create(sql, name, base, pointers, now);
        });
  }

  @Override
  public void delete(String name) {
    String doing = "delete environment '%s'".formatted(name);
    if (name.equals(Environment.MAIN)) {
      throw new HeadraceException(
          "Cannot %s: it is always there".formatted(doing), "Delete another one");
    }
    database.write(
        SYNCED,
        doing,
        sql -> {
          Head.require(sql, doing, name);
          Head.delete(sql, name);
          return name;
        });
  }

  @Override
  public Snapshot head(String environment) {
    String doing = reading(environment);
    return database.read(
        doing,
        sql -> {
          Environment found = Head.require(sql, doing, environment);
          return new Snapshot(environment, found.head(), Head.pointers(sql, environment));
        });
  }

  @Override
  public Snapshot at(long commit) {
    String doing = "read commit %d".formatted(commit);
    return database.read(doing, sql -> stateAt(sql, doing, commit));
  }

  /** Goes back from the head, since recent commits are asked for most. */
  private static Snapshot stateAt(Sql sql, String doing, long commit) throws SQLException {
    String environment =
        find(sql, commit)
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "Cannot %s: there is no commit %d".formatted(doing, commit),
                        "It may have gone with its environment"))
            .environment();
    SortedMap<TableName, String> pointers = Head.pointers(sql, environment);
    sql.forEach(
        "SELECT table_name, version_before FROM changes WHERE commit_id IN"
            + " (SELECT id FROM commits WHERE environment = ? AND id > ?) ORDER BY commit_id DESC",
        result -> {
          TableName table = TableName.parse(result.getString(1));
          String before = result.getString(2);
          if (before == null) {
            pointers.remove(table);
          } else {
            pointers.put(table, before);
          }
        },
        environment,
        commit);
    return new Snapshot(environment, commit, pointers);
  }

  @Override
  public Optional<Commit> commitAt(String environment, Instant time) {
    String doing = reading(environment);
    return database.read(
        doing,
        sql -> {
          Head.require(sql, doing, environment);
          return sql.first(
              COMMIT + "WHERE environment = ? AND at <= ? ORDER BY id DESC LIMIT 1",
              SqliteEnvironments::readCommit,
              environment,
              Times.toMicros(time));
        });
  }

  @Override
  public Optional<Commit> findCommit(long commit) {
    return database.read("read commit %d".formatted(commit), sql -> find(sql, commit));
  }

  private static Optional<Commit> find(Sql sql, long commit) throws SQLException {
    return sql.first(COMMIT + "WHERE id = ?", SqliteEnvironments::readCommit, commit);
  }

  @Override
  public List<Commit> log(String environment, int limit) {
    String doing = reading(environment);
    return database.read(
        doing,
        sql -> {
          Head.require(sql, doing, environment);
          return sql.list(
              COMMIT + "WHERE environment = ? ORDER BY id DESC LIMIT ?",
              SqliteEnvironments::readCommit,
              environment,
              limit);
        });
  }

  @Override
  public List<Change> changes(long commit) {
    List<Change> changes =
        database.read(
            "read commit %d".formatted(commit),
            sql ->
                sql.list(
                    "SELECT table_name, version_before, version_after FROM changes"
                        + " WHERE commit_id = ?",
                    result ->
                        new Change(
                            TableName.parse(result.getString(1)),
                            Optional.ofNullable(result.getString(2)),
                            Optional.ofNullable(result.getString(3))),
                    commit));
    return changes.stream().sorted(Comparator.comparing(Change::table)).toList();
  }

  @Override
  public List<Move> moves(String environment, long after, String except) {
    return database.read(
        reading(environment),
        sql ->
            sql.list(
                "SELECT table_name, min(at), max(at) FROM commits JOIN changes ON commit_id = id"
                    + " WHERE environment = ? AND id > ? AND author <> ? GROUP BY table_name",
                row ->
                    new Move(
                        TableName.parse(row.getString(1)),
                        Times.fromMicros(row.getLong(2)),
                        Times.fromMicros(row.getLong(3))),
                environment,
                after,
                except));
  }

  @Override
  public long publish(Publication publication) {
    // The commit is found again under this name if its outcome is in doubt.
    String name = UUID.randomUUID().toString();
    String doing = "publish to environment '%s'".formatted(publication.environment());
    try {
      return database.tryWrite(SYNCED, sql -> Head.publish(sql, doing, name, publication));
    } catch (CommitFailedException e) {
      if (Failures.isCertainlyNotCommitted(e)) {
        throw Failures.translate(doing, database.file(), e);
      }
      if (Failures.mayHaveDroppedWrites(e)) {
        throw unknown(doing, e);
      }
      return publishAgain(doing, name, publication, e);
    } catch (SQLException e) {
      throw Failures.translate(doing, database.file(), e);
    }
  }

  /**
   * Finds the commit, or makes it after all. Only to look would not do: the log may hold a commit
   * that shows after a crash, until something else is written over it.
   */
  private long publishAgain(
      String doing, String name, Publication publication, CommitFailedException first) {
    try {
      return database.tryWrite(
          SYNCED,
          sql -> {
            Optional<Long> done =
                sql.first(
                    "SELECT id FROM commits WHERE publication = ?",
                    result -> result.getLong(1),
                    name);
            return done.isPresent() ? done.get() : Head.publish(sql, doing, name, publication);
          });
    } catch (SQLException e) {
      first.addSuppressed(e);
      throw unknown(doing, first);
    }
  }

  private static OutcomeUnknownException unknown(String doing, CommitFailedException e) {
    return new OutcomeUnknownException(
        "Cannot %s: it may or may not have happened: %s".formatted(doing, e.getMessage()),
        "See to the disk, then look at the log of the environment before you go on",
        e);
  }

  @Override
  public void pin(String version, Instant now) {
    String doing = "pin version '%s'".formatted(version);
    database.write(
        SYNCED,
        doing,
        sql -> {
          if (sql.first("SELECT 1 FROM versions WHERE id = ?", row -> true, version).isEmpty()) {
            throw new HeadraceException(
                "Cannot %s: it is not there".formatted(doing), "Name one that is");
          }
          return sql.update(
              "INSERT INTO pins (version, pinned_at) VALUES (?, ?)"
                  + " ON CONFLICT (version) DO NOTHING",
              version,
              Times.toMicros(now));
        });
  }

  @Override
  public boolean unpin(String version) {
    return database.write(
            SYNCED,
            "unpin version '%s'".formatted(version),
            sql -> sql.update("DELETE FROM pins WHERE version = ?", version))
        > 0;
  }

  @Override
  public List<String> pins() {
    return database.read(
        "list pins",
        sql -> sql.list("SELECT version FROM pins ORDER BY version", row -> row.getString(1)));
  }

  private static Commit readCommit(ResultSet result) throws SQLException {
    return new Commit(
        result.getLong(1),
        result.getString(2),
        result.getLong(3),
        result.getString(4),
        result.getString(5),
        Optional.ofNullable(result.getString(6)),
        Times.fromMicros(result.getLong(7)));
  }

  private static String reading(String environment) {
    return "read environment '%s'".formatted(environment);
  }
}
