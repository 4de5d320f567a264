package io.headrace.bench;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.run.RunResult;
import io.headrace.table.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * 100,000 changed keys brought into a table of ten million rows, against DuckDB writing all of the
 * table anew; both in this process.
 */
final class UpsertBenchmark {
  private static final int ROWS = 10_000_000;
  private static final int RUNS = 3;
  private static final TableName USERS = TableName.parse("users");

  /** One of twenty keys of a fifth of the table, which is two of ten files. */
  private static final String NEIGHBOURS = "id BETWEEN 3000000 AND 4900000 AND id %% 20 = %d";

  private static final String SCATTERED = "id %% 100 = %d";

  private final InProcess project;
  private int batches;

  private UpsertBenchmark(InProcess project) {
    this.project = project;
  }

  static void run(Path folder) throws IOException {
    try (InProcess project = new InProcess(folder.resolve("upsert"), 4L << 30)) {
      project.write("tables/changes.yaml", "files: data/*.parquet\nincremental: append\n");
      project.write(
          "tables/users.sql",
          "/*---\nincremental: {key: id, latest_by: updated_at}\n---*/ SELECT * FROM changes\n");
      UpsertBenchmark benchmark = new UpsertBenchmark(project);
      benchmark.batch("true");
      Machine.note("to build the table", benchmark.seconds(project.run()), "s");
      benchmark.compare("1 % of the keys, in 2 of 10 files", NEIGHBOURS, 1 / 3.0);
      benchmark.compare("1 % of the keys, in all files", SCATTERED, 1.1);
      Path last = project.root().resolve("data/%03d.parquet".formatted(benchmark.batches - 1));
      Files.copy(last, project.root().resolve("data/again.parquet"));
      Machine.report("the same rows once more", benchmark.seconds(project.run()), "s", 1);
    }
  }

  private void compare(String what, String condition, double reach) throws IOException {
    List<Double> ours = new ArrayList<>();
    List<Double> rewrites = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Path batch = batch(condition.formatted(i));
      double rewrite = rewrite(batch);
      double update = seconds(project.run());
      ours.add(update);
      rewrites.add(rewrite);
      ratios.add(update / rewrite);
    }
    Machine.note(what + ": update", Machine.median(ours), "s");
    Machine.note("the whole table written by DuckDB", Machine.median(rewrites), "s");
    Machine.report("the one to the other", Machine.median(ratios), "x", reach);
  }

  /** Writes a file of changes to the rows that a condition chooses. */
  private Path batch(String condition) {
    Path file = project.root().resolve("data/%03d.parquet".formatted(batches));
    String rows =
        """
        SELECT id, (hash(id + %1$d) %% 1000)::INT AS n, hash(id * 3) / 1e19 AS d,
          'name ' || (hash(id * 7 + %1$d) %% 100000) AS s, DATE '2020-01-01' + (id %% 1000)::INT AS since,
          TIMESTAMP '2026-01-01' + INTERVAL (%1$d) DAY AS updated_at
        FROM range(%2$d) AS r(id) WHERE %3$s
        """
            .formatted(batches++, ROWS, condition);
    try (Session session = project.workspace().engine().open(project.root())) {
      session.export(
          new Query.Select(rows), file, Session.ExportFormat.PARQUET, Cancellation.never());
    }
    return file;
  }

  /** How long the table took in a run: computing, syncing, committing and recording it. */
  private double seconds(RunResult result) {
    return result.tasks().stream()
        .filter(task -> task.table().equals(USERS))
        .mapToDouble(task -> task.duration().toNanos() / 1e9)
        .findFirst()
        .orElseThrow();
  }

  private double rewrite(Path batch) throws IOException {
    Path target = project.root().resolve("rewritten.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      String changes = "read_parquet('%s')".formatted(batch);
      long began = System.nanoTime();
      statement.execute(
          """
          COPY (SELECT * FROM read_parquet('%s') AS t ANTI JOIN %s AS c USING (id)
            UNION ALL BY NAME SELECT * FROM %s)
          TO '%s' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
          """
              .formatted(project.root().resolve("data/000.parquet"), changes, changes, target));
      return (System.nanoTime() - began) / 1e9;
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(target);
    }
  }
}
