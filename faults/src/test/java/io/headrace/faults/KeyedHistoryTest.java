package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.QueryException;
import io.headrace.publish.Rollback;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of tables that have keys: rows arrive late and twice, keys are deleted and come
 * back, files change, runs fail, sandboxes and rollbacks, and after each run every table is what a
 * build from nothing makes.
 *
 * <p>{@code -Dheadrace.histories=20000} tries more of them.
 */
class KeyedHistoryTest {
  private static final int HISTORIES = Integer.getInteger("headrace.histories", 100);
  private static final int STEPS = 2;
  private static final List<String> TABLES =
      List.of("changes", "latest", "history", "source", "by_city", "after");

  @TempDir Path folder;
  private final AtomicInteger updates = new AtomicInteger();
  private final AtomicBoolean failing = new AtomicBoolean();

  @Test
  void tablesWithKeysEqualAFullRebuild() {
    Seed seed = new Seed(KeyedHistoryTest.class);
    for (int history = 0; history < HISTORIES; history++) {
      play(history, seed.random(history), "history %d, %s".formatted(history, seed));
    }
    // Else the test would show nothing.
    assertThat(updates).hasValueGreaterThan(HISTORIES);
  }

  private void play(int history, SplittableRandom random, String where) {
    TestProject project = new TestProject(folder.resolve("h" + history));
    project
        .write("tables/changes.yaml", "files: log/*.csv\nincremental: append\n")
        .write("log/000.csv", rows(random))
        .write(
            "tables/source.yaml",
            "files: log/*.csv\nallow_empty: true\nincremental: {key: [k, city], latest_by: moment, deleted_when: op = 'D'}\n")
        .table("latest", latest("k", ""))
        .table("by_city", latest("k", "partition_by: city"))
        .table(
            "history",
            "/*---\nhistory: {key: k, valid_from: moment, deleted_when: op = 'D', track: city}\nallow_empty: true\n---*/"
                + " SELECT * FROM changes")
        .table(
            "after",
            "/*---\nallow_empty: true\n---*/ SELECT city, count(*) AS n FROM latest GROUP BY city");
    try (Workspace workspace = project.open(watched())) {
      TestRun.of(workspace);
      for (int step = 0; step < STEPS; step++) {
        String what = change(project, workspace, random, step);
        RunResult result = TestRun.of(workspace);
        String place = "%s, step %d: %s".formatted(where, step, what);
        assertThat(result.tasks()).as(place).allMatch(TaskOutcome::isGood);
        assertThat(contents(workspace)).as(place).isEqualTo(rebuilt(workspace, history, step));
      }
    }
  }

  private static String latest(String key, String more) {
    return """
    /*---
    incremental: {key: %s, latest_by: moment, deleted_when: op = 'D'}
    allow_empty: true
    %s
    ---*/
    SELECT k, city, moment, op FROM changes WHERE k < 5
    """
        .formatted(key, more);
  }

  private String change(
      TestProject project, Workspace workspace, SplittableRandom random, int step) {
    String file = "log/1%02d.csv".formatted(step);
    switch (random.nextInt(8)) {
      case 0 -> {
        project.write("log/000.csv", rows(random));
        return "an old file changes";
      }
      case 1 -> {
        project.table("latest", latest("k", "").replace("k < 5", "k < " + random.nextInt(4, 6)));
        new TestRun().refresh("latest").in(workspace);
        return "another query";
      }
      case 2 -> {
        project.write(file, rows(random));
        failing.set(true);
        TestRun.of(workspace);
        failing.set(false);
        project.write("log/2%02d.csv".formatted(step), rows(random));
        return "a run fails before";
      }
      case 3 -> {
        project.write(file, rows(random));
        TestRun.of(workspace);
        new Rollback(workspace.catalog())
            .rollback("main", Optional.empty(), Set.of(), "ada", workspace.clock().instant());
        project.write("log/2%02d.csv".formatted(step), rows(random));
        return "a rollback before";
      }
      case 4 -> {
        String sandbox = "sandbox" + step;
        workspace
            .catalog()
            .environments()
            .create(
                sandbox,
                Optional.of(workspace.catalog().environments().head("main")),
                workspace.clock().instant());
        project.write(file, rows(random));
        new TestRun().environment(sandbox).in(workspace);
        return "built in a sandbox first";
      }
      default -> {
        project.write(file, rows(random));
        return "new rows";
      }
    }
  }

  /** What a row says is a function of its key and moment: rows never contradict each other. */
  private static String rows(SplittableRandom random) {
    StringBuilder rows = new StringBuilder("k,city,moment,op\n");
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int k = random.nextInt(6);
      int moment = random.nextInt(1, 29);
      String op = (k + moment) % 4 == 0 ? "D" : "U";
      rows.append("%d,c%d,2026-01-%02d,%s%n".formatted(k, (k * moment) % 3, moment, op));
    }
    return rows.toString();
  }

  private static Map<String, String> contents(Workspace workspace) {
    Map<String, String> contents = new TreeMap<>();
    for (String table : TABLES) {
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
          public void beforeUpdate(TableName table) {
            updates.incrementAndGet();
            if (failing.get()) {
              throw new QueryException("broken", "");
            }
          }

          @Override
          public void afterWrite(TableName table) {
            if (failing.get() && table.name().equals("after")) {
              throw new QueryException("broken", "");
            }
          }
        };
    TestProject.Parts usual = TestProject.Parts.USUAL;
    return usual.with(new WatchedEngine(usual.engine(), watcher));
  }
}
