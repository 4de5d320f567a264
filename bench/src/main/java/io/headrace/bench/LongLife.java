package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A project of 100 tables and the catalog that hourly runs leave, each of which builds and
 * publishes all of them. It is written by SQL, since a million builds would take hours: what is in
 * the rows is what real runs leave, and versions are where the real ones of the project are.
 */
final class LongLife {
  static final int TABLES = 100;

  /** Of a schedule that nothing runs while this measures. */
  private static final String SETTINGS =
      """
      schedules:
        hourly: {cron: "0 0 29 2 *"}
        asked: {on: {webhook: true}, select: [t3_00007]}
      freshness:
        t0_*: usual
        "*": 36500d
      alerts:
        desk: {webhook: "http://127.0.0.1:9/", on: [stale, at_risk, slow]}
      """;

  private static final String CHECKED =
      """
      /*---
      checks:
        - not_null: [id]
        - anomalies
      ---*/
      """;

  private static final String HOUR = "3600000000";

  /** Scattered, as fingerprints are. */
  private static final String ID =
      "printf('%%08x%%08x%%016x', (%1$s * 2654435761) %% 4294967296, %1$s, 0)";

  private LongLife() {}

  /**
   * Makes the project with so many runs behind it.
   *
   * @param kept of how many of them the versions are still there
   */
  static Path make(Machine machine, Path project, int runs, int kept)
      throws IOException, InterruptedException {
    TablesBenchmark.generate(project, TABLES);
    for (int i = 0; i < 10; i++) {
      Path table = project.resolve("tables/t0_0000%d.sql".formatted(i));
      Files.writeString(table, CHECKED + Files.readString(table));
    }
    Files.writeString(project.resolve("headrace.yaml"), SETTINGS);
    machine.headrace("run", "--quiet", project.toString());
    try (Connection catalog =
            DriverManager.getConnection("jdbc:sqlite:" + project.resolve(".headrace/catalog.db"));
        Statement statement = catalog.createStatement()) {
      for (String sql : history(runs, kept)) {
        int unused = statement.executeUpdate(sql);
      }
    } catch (SQLException e) {
      throw new IOException("Cannot make the history of '%s'".formatted(project), e);
    }
    // Makes the environment point at the real versions again, as a rollback would.
    machine.headrace("run", "--quiet", project.toString());
    return project;
  }

  /** Gives a table another text, with the checks that it had. */
  static void edit(Path project, String table, int number) throws IOException {
    Path file = project.resolve("tables/" + table + ".sql");
    String checks = Files.readString(file).startsWith(CHECKED) ? CHECKED : "";
    Files.writeString(file, checks + "SELECT %d AS id, 1 AS v%n".formatted(number));
  }

  private static List<String> history(int runs, int kept) {
    String task = "(b.n * 128 + t.number)";
    String before = "((b.n - 1) * 128 + t.number)";
    return List.of(
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = OFF",
        "CREATE TEMP TABLE real AS SELECT row_number() OVER (ORDER BY table_name) AS number,"
            + " table_name, id, metadata_location, row_count, size_bytes, recipe FROM versions",
        """
        CREATE TEMP TABLE past AS
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < %1$d)
        SELECT n, (unixepoch() * 1000000) - (%1$d - n + 1) * %2$s AS at, printf('made%%07d', n) AS run
        FROM counted
        """
            .formatted(runs, HOUR),
        // The first commit, of the real run, is older than all.
        "UPDATE commits SET at = (SELECT min(at) FROM past) - " + HOUR,
        "UPDATE runs SET started_at = (SELECT min(at) FROM past) - " + HOUR,
        """
        INSERT INTO runs (id, environment, started_at, heartbeat_at, finished_at, state, commit_id, cause)
        SELECT run, 'main', at, at, at + 4000000, 'PUBLISHED', n + 1, printf('schedule hourly at %s, tick %d',
          strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000000, 'unixepoch'), n) FROM past
        """,
        """
        INSERT INTO commits (id, environment, parent, author, message, run, at, publication)
        SELECT n + 1, 'main', n, 'schedule hourly', 'update t0_00000 and 99 more', run, at + 3000000,
          printf('%08x-made', n) FROM past
        """,
        "INSERT INTO changes (commit_id, table_name, version_before, version_after)"
            + " SELECT b.n + 1, t.table_name, CASE WHEN b.n = 1 THEN t.id ELSE "
            + ID.formatted(before)
            + " END, "
            + ID.formatted(task)
            + " FROM past b CROSS JOIN real t",
        """
        INSERT INTO task_runs (run, table_name, outcome, duration_micros, row_count, size_bytes, message)
        SELECT b.run, t.table_name, 'built', 20000 + b.n % 7 * 1000, t.row_count, t.size_bytes, ''
        FROM past b CROSS JOIN real t
        """,
        "INSERT INTO check_results (fingerprint, passed, failures) SELECT 'c' || "
            + ID.formatted(task)
            + ", 1, 0 FROM past b CROSS JOIN real t",
        "INSERT INTO versions (id, table_name, metadata_location, row_count, size_bytes, created_at,"
            + " run, recipe) SELECT "
            + ID.formatted(task)
            + ", t.table_name, t.metadata_location, t.row_count, t.size_bytes, b.at + 1000000, b.run,"
            + " t.recipe FROM past b CROSS JOIN real t WHERE b.n > %d".formatted(runs - kept),
        "INSERT INTO builds (fingerprint, version) SELECT id, id FROM versions"
            + " WHERE run LIKE 'made%'",
        "INSERT INTO measurements (version, nulls, distinct_values)"
            + " SELECT id, 'id=0&v=0', 'id=1&v=1' FROM versions WHERE table_name LIKE 't0_0000%'"
            + " ON CONFLICT DO NOTHING",
        "INSERT INTO schedules (name, since) SELECT 'hourly', min(at) FROM past"
            + " UNION ALL SELECT 'asked', min(at) FROM past",
        """
        INSERT INTO ticks (schedule, number, due, ready, lacks, reached_time, positions, parameters,
          state, missed, attempt, run, started_at, finished_at, message)
        SELECT 'hourly', n, at, at, '', at, '', '', 'PUBLISHED', 0, 1, run, at, at + 4000000, '' FROM past
        UNION ALL SELECT 'asked', n, at + 9000000, at + 9000000, '', at + 9000000, '', '', 'UNCHANGED', 0,
          1, NULL, at + 9000000, at + 9100000, '' FROM past
        """,
        "INSERT INTO requests (schedule, parameters, asked_by, asked_at, tick)"
            + " SELECT 'asked', '', 'a program', at + 8000000, n FROM past",
        "UPDATE pointers SET version = (SELECT version_after FROM changes"
            + " WHERE commit_id = %d AND changes.table_name = pointers.table_name)"
                .formatted(runs + 1),
        "UPDATE environments SET head = %d".formatted(runs + 1),
        "UPDATE last_commit SET id = %d".formatted(runs + 1));
  }
}
