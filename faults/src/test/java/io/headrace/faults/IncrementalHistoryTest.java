package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.maintain.Garbage;
import io.headrace.rewrite.Compactor;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of a project whose tables are partitioned: files come, go and change, late rows
 * arrive, code changes, inputs are compacted, and after each run every table is what a build from
 * nothing makes.
 *
 * <p>{@code -Dheadrace.histories=20000} tries more of them.
 */
class IncrementalHistoryTest {
  private static final int HISTORIES = Integer.getInteger("headrace.histories", 100);
  private static final int STEPS = 4;
  private static final List<String> MONTHS = List.of("m1", "m2", "m3", "m4");

  /** Queries over the partitioned source, confined to partitions or not. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT month, count(*) AS n, sum(v)::BIGINT AS s FROM sales GROUP BY month",
          "SELECT month, k, v, rank() OVER (PARTITION BY month ORDER BY v, k) AS place FROM sales",
          "SELECT month, k, (sum(v) OVER (ORDER BY month, k, v ROWS UNBOUNDED PRECEDING))::BIGINT"
              + " AS s FROM sales",
          "SELECT a.month, a.k, b.v FROM sales AS a JOIN sales AS b ON a.month = b.month AND a.k = b.k",
          "SELECT a.month, a.k, b.month AS other FROM sales AS a JOIN sales AS b ON a.k = b.k",
          "SELECT month, k, name FROM sales LEFT JOIN names USING (k)",
          "SELECT CASE WHEN k = 2 THEN NULL ELSE month END AS month, k, v FROM sales",
          "SELECT max(month) AS month, k FROM sales GROUP BY k",
          "SELECT DISTINCT month, k FROM sales",
          "SELECT month FROM sales EXCEPT SELECT month FROM one WHERE month > 'm2'",
          "SELECT month, v FROM sales WHERE v > (SELECT avg(v) FROM sales)");

  @TempDir Path folder;
  private final AtomicInteger partial = new AtomicInteger();
  private final AtomicInteger compacted = new AtomicInteger();

  @Test
  void incrementalWorkEqualsAFullRebuild() {
    Seed seed = new Seed(IncrementalHistoryTest.class);
    for (int history = 0; history < HISTORIES; history++) {
      play(history, seed.random(history), "history %d, %s".formatted(history, seed));
    }
    // Else the test would show nothing.
    assertThat(partial).hasValueGreaterThan(HISTORIES);
    assertThat(compacted).hasValueGreaterThan(HISTORIES / 10);
  }

  private void play(int history, SplittableRandom random, String where) {
    TestProject project = new TestProject(folder.resolve("h" + history));
    project.write("tables/sales.yaml", "files: data/{month}.csv\npartition_by: month\n");
    project.write("tables/names.csv", "k,name\n0,zero\n1,one\n");
    project.write("tables/events.yaml", "files: log/*.csv\nincremental: append\n");
    project.write("log/0.csv", rows(random));
    project.table(
        "doubled",
        "/*---\nincremental: {append: events}\nallow_empty: true\n---*/ SELECT k, v * 2 AS w FROM events WHERE k > 0");
    MONTHS.forEach(month -> project.write("data/" + month + ".csv", rows(random)));
    for (String table : List.of("one", "two", "three")) {
      project.table(table, query(random, table));
    }
    project.table(
        "by_k",
        "/*---\nforeach: SELECT DISTINCT k FROM sales\n---*/ SELECT sum(v)::BIGINT AS s FROM events WHERE k = $k");
    project.table("after", "/*---\npartition_by: month\n---*/ SELECT * FROM one");
    try (Workspace workspace = project.open(watched())) {
      TestRun.of(workspace);
      for (int step = 0; step < STEPS; step++) {
        String what = change(project, random) + compact(project, workspace, random);
        RunResult result = TestRun.of(workspace);
        String place = "%s, step %d: %s".formatted(where, step, what);
        assertThat(result.tasks()).as(place).allMatch(TaskOutcome::isGood);
        assertThat(contents(workspace)).as(place).isEqualTo(rebuilt(workspace, history, step));
      }
    }
  }

  private static String change(TestProject project, SplittableRandom random) {
    String month = MONTHS.get(random.nextInt(MONTHS.size()));
    String file = "data/" + month + ".csv";
    switch (random.nextInt(10)) {
      case 0 -> {
        project.delete(file);
        // Never all of them: a source without files is a mistake.
        project.write("data/m0.csv", rows(random));
        return "without " + month;
      }
      case 1 -> {
        project.write("tables/names.csv", "k,name\n0,zero\n1,%d\n".formatted(random.nextInt(9)));
        return "other names";
      }
      case 2 -> {
        project.table("two", query(random, "two"));
        return "another query";
      }
      case 3 -> {
        project.write(file, rows(random));
        project.write("data/m5.csv", rows(random));
        return "two months";
      }
      case 4, 5 -> {
        project.write("log/%d.csv".formatted(random.nextInt(5)), rows(random));
        return "events, new or changed";
      }
      default -> {
        project.write(file, rows(random));
        return "another " + month;
      }
    }
  }

  /** Compacts some of the inputs, in the middle of new rows that nobody has consumed. */
  private String compact(TestProject project, Workspace workspace, SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      return "";
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      project.write("log/n%d.csv".formatted(random.nextInt(1000)), rows(random));
      new TestRun().select("events", "sales").in(workspace);
    }
    for (String table : List.of("events", "sales", "one")) {
      Optional<Version> version =
          workspace
              .catalog()
              .environments()
              .head("main")
              .version(TableName.parse(table))
              .flatMap(workspace.catalog().versions()::find);
      if (version.isPresent()
          && new Compactor(workspace, 2).compact(version.get(), Cancellation.never()).isPresent()) {
        compacted.incrementAndGet();
      }
    }
    if (random.nextInt(4) == 0) {
      new Garbage(workspace).collect(Duration.ZERO, false);
    }
    return ", and a compaction";
  }

  private static String query(SplittableRandom random, String table) {
    String sql;
    do {
      sql = QUERIES.get(random.nextInt(QUERIES.size()));
    } while (table.equals("one") && sql.contains("FROM one"));
    return "/*---\npartition_by: month\nallow_empty: true\n---*/ " + sql;
  }

  private static String rows(SplittableRandom random) {
    StringBuilder rows = new StringBuilder("k,v\n");
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      rows.append(random.nextInt(4)).append(',').append(random.nextInt(5)).append('\n');
    }
    return rows.toString();
  }

  private static Map<String, String> contents(Workspace workspace) {
    Map<String, String> contents = new TreeMap<>();
    for (String table :
        List.of("sales", "one", "two", "three", "after", "events", "doubled", "by_k")) {
      contents.put(
          table,
          TestProject.query(workspace, "main", "FROM %s ORDER BY ALL".formatted(table)).toString());
    }
    return contents;
  }

  private Map<String, String> rebuilt(Workspace workspace, int history, int step) {
    Path state = folder.resolve("fresh-%d-%d".formatted(history, step));
    try (Workspace fresh = TestProject.elsewhere(workspace, state)) {
      TestRun.of(fresh);
      return contents(fresh);
    }
  }

  private TestProject.Parts watched() {
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWriteOf(TableName table, PartitionSet partitions) {
            partial.incrementAndGet();
          }
        };
    TestProject.Parts usual = TestProject.Parts.USUAL;
    return usual.with(new WatchedEngine(usual.engine(), watcher));
  }
}
