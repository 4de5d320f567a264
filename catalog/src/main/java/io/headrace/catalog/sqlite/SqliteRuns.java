package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.catalog.Runs;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs in SQLite. */
final class SqliteRuns implements Runs {
  private static final String BUILT = "built";
  private static final String RUN =
      "SELECT id, environment, started_at, state, commit_id, cause, finished_at FROM runs ";

  /** As many records go in one transaction, so that it takes some milliseconds. */
  private static final int RECORDS = 2_000;

  /** Of those that made a commit nothing but the run itself stays: then there is no more to do. */
  private static final String OLD =
      """
      WITH oldest_kept AS (
        SELECT environment, max(id) AS id FROM commits WHERE at <= ?1 GROUP BY environment),
      newest AS (
        SELECT environment, max(started_at) AS at FROM runs
        WHERE environment IN (SELECT name FROM environments) GROUP BY environment)
      SELECT r.id FROM runs r LEFT JOIN newest n ON n.environment = r.environment
      WHERE r.started_at < ?1
        AND r.started_at < coalesce(n.at, ?1)
        AND NOT (r.state = 'RUNNING' AND r.heartbeat_at >= ?2)
        AND r.id NOT IN (
          SELECT run FROM versions
          UNION SELECT t.run FROM ticks t WHERE t.run IS NOT NULL AND (t.due >= ?1
            OR t.number = (SELECT max(number) FROM ticks WHERE schedule = t.schedule))
          UNION SELECT c.run FROM commits c LEFT JOIN oldest_kept o ON o.environment = c.environment
            WHERE c.run IS NOT NULL AND c.id >= coalesce(o.id, 0))
        AND (EXISTS (SELECT 1 FROM task_runs t WHERE t.run = r.id)
          OR NOT EXISTS (SELECT 1 FROM commits c WHERE c.run = r.id))
      ORDER BY r.started_at, r.id
      """;

  private static final String ALL_TABLES = "*";

  private final Database database;

  SqliteRuns(Database database) {
    this.database = database;
  }

  @Override
  public void start(Run run) {
    database.write(
        ORDERED,
        "start run '%s'".formatted(run.id()),
        sql ->
            sql.update(
                "INSERT INTO runs (id, environment, started_at, heartbeat_at, state, commit_id,"
                    + " cause) VALUES (?, ?, ?, ?, ?, ?, ?)",
                run.id(),
                run.environment(),
                Times.toMicros(run.startedAt()),
                Times.toMicros(run.startedAt()),
                run.state().name(),
                run.commit().orElse(null),
                run.cause()));
  }

  @Override
  public void heartbeat(String run, Instant now) {
    database.write(
        ORDERED,
        "keep run '%s' alive".formatted(run),
        sql ->
            sql.update("UPDATE runs SET heartbeat_at = ? WHERE id = ?", Times.toMicros(now), run));
  }

  @Override
  public void finish(String run, State state, Optional<Long> commit, Instant now) {
    database.write(
        ORDERED,
        "finish run '%s'".formatted(run),
        sql ->
            sql.update(
                "UPDATE runs SET state = ?, commit_id = ?, finished_at = ? WHERE id = ?",
                state.name(),
                commit.orElse(null),
                Times.toMicros(now),
                run));
  }

  @Override
  public void recordTasks(String run, List<TaskRun> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    database.write(
        ORDERED,
        "record tasks of run '%s'".formatted(run),
        sql -> {
          for (TaskRun task : tasks) {
            insert(sql, run, task);
            if (task.outcome().equals(BUILT)) {
              keepAsLastBuild(sql, task);
            }
          }
          return tasks.size();
        });
  }

  private static void insert(Sql sql, String run, TaskRun task) throws SQLException {
    sql.update(
        "INSERT INTO task_runs (run, table_name, outcome, duration_micros, row_count, size_bytes,"
            + " message) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, table_name) DO UPDATE"
            + " SET outcome = excluded.outcome, duration_micros = excluded.duration_micros,"
            + " row_count = excluded.row_count, size_bytes = excluded.size_bytes,"
            + " message = excluded.message",
        run,
        task.table().toString(),
        task.outcome(),
        micros(task.duration()),
        task.rowCount(),
        task.sizeBytes(),
        task.message());
  }

  private static void keepAsLastBuild(Sql sql, TaskRun task) throws SQLException {
    sql.update(
        "INSERT INTO last_builds (table_name, duration_micros, row_count, size_bytes)"
            + " VALUES (?, ?, ?, ?) ON CONFLICT (table_name) DO UPDATE"
            + " SET duration_micros = excluded.duration_micros,"
            + " row_count = excluded.row_count, size_bytes = excluded.size_bytes",
        task.table().toString(),
        micros(task.duration()),
        task.rowCount(),
        task.sizeBytes());
  }

  @Override
  public Map<TableName, TaskRun> lastBuilds() {
    Map<TableName, TaskRun> builds = new HashMap<>();
    return database.read(
        "read the last builds",
        sql -> {
          sql.forEach(
              "SELECT table_name, 'built', duration_micros, row_count, size_bytes, ''"
                  + " FROM last_builds",
              row -> {
                TaskRun task = readTask(row);
                builds.put(task.table(), task);
              });
          return builds;
        });
  }

  @Override
  public List<Run> list(int limit) {
    return database.read(
        "list runs",
        sql ->
            sql.list(
                RUN + "ORDER BY started_at DESC, id DESC LIMIT ?", SqliteRuns::readRun, limit));
  }

  @Override
  public Optional<Run> find(String run) {
    return database.read(
        "read run '%s'".formatted(run),
        sql -> sql.first(RUN + "WHERE id = ?", SqliteRuns::readRun, run));
  }

  @Override
  public Optional<Long> committed(String cause) {
    return database
        .read(
            "look for a commit",
            sql ->
                sql.first(
                    "SELECT max(commits.id) FROM runs JOIN commits ON commits.run = runs.id"
                        + " WHERE runs.cause = ? AND runs.cause <> ''",
                    result -> result.getLong(1),
                    cause))
        .filter(commit -> commit > 0);
  }

  @Override
  public List<TaskRun> tasks(String run) {
    return database.read(
        "read run '%s'".formatted(run),
        sql ->
            sql.list(
                "SELECT table_name, outcome, duration_micros, row_count, size_bytes, message"
                    + " FROM task_runs WHERE run = ? ORDER BY table_name",
                SqliteRuns::readTask,
                run));
  }

  @Override
  public List<String> old(Instant keepSince, Instant now) {
    return database.read(
        "look for old runs",
        sql ->
            sql.list(
                OLD,
                row -> row.getString(1),
                Times.toMicros(keepSince),
                Times.toMicros(now.minus(SqliteVersions.RUN_COUNTS_AS_DEAD_AFTER))));
  }

  @Override
  public void forget(List<String> runs) {
    int next = 0;
    while (next < runs.size()) {
      List<String> rest = runs.subList(next, runs.size());
      next += database.write(ORDERED, "forget old runs", sql -> forgetSome(sql, rest));
    }
  }

  /** Returns how many of the runs are done with. A run goes after its tasks, which it names. */
  private static int forgetSome(Sql sql, List<String> runs) throws SQLException {
    int left = RECORDS;
    int done = 0;
    while (left > 0 && done < runs.size()) {
      String run = runs.get(done);
      left -=
          sql.update(
              "DELETE FROM task_runs WHERE run = ?1 AND table_name IN (SELECT table_name"
                  + " FROM task_runs WHERE run = ?1 ORDER BY table_name LIMIT ?2)",
              run,
              left);
      if (left > 0) {
        sql.update(
            "DELETE FROM runs WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM commits WHERE run = ?1)",
            run);
        left--;
        done++;
      }
    }
    return done;
  }

  @Override
  public void looked(Look look) {
    database.write(
        ORDERED,
        "remember who looked at tables",
        sql ->
            sql.update(
                "INSERT INTO looks (environment, looked_by, tables, at) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (environment, looked_by, tables) DO UPDATE"
                    + " SET at = excluded.at WHERE excluded.at > looks.at",
                look.environment(),
                look.by(),
                tables(look.tables()),
                Times.toMicros(look.at())));
  }

  @Override
  public void forgetLooks(Instant before) {
    database.write(
        ORDERED,
        "forget who looked at tables",
        sql -> sql.update("DELETE FROM looks WHERE at < ?", Times.toMicros(before)));
  }

  private static String tables(Set<TableName> tables) {
    return tables.isEmpty()
        ? ALL_TABLES
        : tables.stream()
            .map(TableName::toString)
            .sorted()
            .collect(Collectors.joining("\n", "\n", "\n"));
  }

  @Override
  public Optional<Instant> lastLook(String environment, TableName table, String except) {
    return database
        .read(
            "ask who looked at table '%s'".formatted(table),
            sql ->
                sql.first(
                    "SELECT max(at) FROM looks WHERE environment = ?"
                        + " AND (looked_by <> ? OR looked_by = '')"
                        + " AND (tables = ? OR instr(tables, ?) > 0)",
                    row -> Times.find(row, 1),
                    environment,
                    except,
                    ALL_TABLES,
                    "\n" + table + "\n"))
        .flatMap(at -> at);
  }

  private static Run readRun(ResultSet row) throws SQLException {
    long commit = row.getLong(5);
    return new Run(
        row.getString(1),
        row.getString(2),
        Times.fromMicros(row.getLong(3)),
        State.valueOf(row.getString(4)),
        commit == 0 ? Optional.empty() : Optional.of(commit),
        row.getString(6),
        Times.find(row, 7));
  }

  private static TaskRun readTask(ResultSet row) throws SQLException {
    return new TaskRun(
        TableName.parse(row.getString(1)),
        row.getString(2),
        Duration.of(row.getLong(3), ChronoUnit.MICROS),
        row.getLong(4),
        row.getLong(5),
        row.getString(6));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
