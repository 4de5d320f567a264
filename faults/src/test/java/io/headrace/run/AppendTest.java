package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.QueryException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.publish.Rollback;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that append. What one consumed shows in {@code batches}, which counts the rows that it
 * sees: a thing that no table should do, as a rebuild would give another result.
 */
class AppendTest {
  @TempDir Path folder;
  private TestProject project;
  private int files;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/events.yaml", "files: data/*.csv\nincremental: append\n")
            .write("data/a.csv", "k,v\n1,1\n2,2\n")
            .write("tables/factors.csv", "k,f\n1,10\n2,20\n3,30\n")
            .table("batches", append("rebuild", "SELECT count(*) AS rows FROM events"))
            .table(
                "scaled",
                append("rebuild", "SELECT k, v * f AS x FROM events JOIN factors USING (k)"));
  }

  private static String append(String otherwise, String sql) {
    return "/*---\nincremental: {append: events, otherwise: %s}\n---*/ %s"
        .formatted(otherwise, sql);
  }

  @Test
  void eachRowIsConsumedOnce() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("data/b.csv", "k,v\n3,3\n");
      RunResult second = TestRun.of(workspace);
      assertThat(task(second, "events").message()).isEqualTo("new rows");
      project.write("data/c.csv", "k,v\n1,5\n1,6\n1,7\n");
      TestRun.of(workspace);
      assertThat(kinds(TestRun.of(workspace))).containsEntry("batches", "reused");
      assertThat(rows(workspace, "FROM batches ORDER BY ALL")).isEqualTo("[[1], [2], [3]]");
      assertThat(rows(workspace, "SELECT sum(x)::BIGINT FROM scaled")).isEqualTo("[[320]]");
    }
  }

  @Test
  void whatFailedIsConsumedByTheNextRun() {
    AtomicBoolean broken = new AtomicBoolean();
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void afterWrite(TableName table) {
            if (broken.get() && table.name().equals("batches")) {
              throw new QueryException("broken", "");
            }
          }
        };
    Parts parts = Parts.USUAL.with(new WatchedEngine(Parts.USUAL.engine(), watcher));
    try (Workspace workspace = project.open(parts)) {
      TestRun.of(workspace);
      broken.set(true);
      project.write("data/b.csv", "k,v\n3,3\n");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("batches", "failed");
      project.write("data/c.csv", "k,v\n3,4\n");
      broken.set(false);
      TestRun.of(workspace);
      assertThat(rows(workspace, "FROM batches")).isEqualTo("[[2], [2]]");
    }
  }

  @Test
  void aRollbackGivesRowsBack() {
    try (Workspace workspace = project.open()) {
      long first = TestRun.of(workspace).commit().orElseThrow();
      project.write("data/b.csv", "k,v\n3,3\n");
      TestRun.of(workspace);
      new Rollback(workspace.catalog())
          .rollback("main", Optional.of(first), Set.of(), "ada", workspace.clock().instant());
      project.delete("data/b.csv");
      project.write("data/c.csv", "k,v\n3,4\n");
      TestRun.of(workspace);
      assertThat(rows(workspace, "FROM batches ORDER BY ALL")).isEqualTo("[[1], [2]]");
      assertThat(rows(workspace, "SELECT count(*) FROM scaled")).isEqualTo("[[3]]");
    }
  }

  @Test
  void anInputThatChangedOtherwiseIsReadAgain() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("data/a.csv", "k,v\n1,1\n2,2\n3,3\n");
      TestRun.of(workspace);
      assertThat(rows(workspace, "FROM batches")).isEqualTo("[[3]]");
      project.write("tables/factors.csv", "k,f\n1,100\n2,20\n3,30\n");
      TestRun.of(workspace);
      assertThat(rows(workspace, "SELECT sum(x)::BIGINT FROM scaled")).isEqualTo("[[230]]");
    }
  }

  @Test
  void orIsRefusedIfTheTableSaysSo() {
    project.table("batches", append("refuse", "SELECT count(*) AS rows FROM events"));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("data/a.csv", "k,v\n1,1\n");
      RunResult refused = TestRun.of(workspace);
      assertThat(refused.commit()).isEmpty();
      assertThat(task(refused, "batches").message())
          .endsWith(
              "'batches' only appends, and its input 'events' changed other than by new rows");
      assertThat(task(refused, "batches").hint()).contains("--refresh=batches");
      assertThat(rows(workspace, "FROM batches")).isEqualTo("[[2]]");
      new TestRun().refresh("batches").in(workspace);
      assertThat(rows(workspace, "FROM batches")).isEqualTo("[[1]]");
    }
  }

  @Test
  void newFilesMayHaveOtherColumns() {
    try (Workspace workspace = project.open()) {
      for (String text :
          List.of("k,v\n3,3\n", "k,v\n4,x\n", "v,k\n007,5\n", "k,v,w\n6,6,1\n", "k,v\n7,7\n")) {
        project.write("data/%d.csv".formatted(files++), text);
        if (text.contains("x")) {
          assertThat(task(new TestRun().select("events").in(workspace), "events").message())
              .endsWith("the columns of the source changed: ~ v long -> string");
          new TestRun().select("events").refresh("events").in(workspace);
        }
        assertThat(new TestRun().select("events").in(workspace).tasks())
            .as(text)
            .allMatch(TaskOutcome::isGood);
        try (Workspace fresh =
            TestProject.elsewhere(workspace, folder.resolve("fresh%d".formatted(files)))) {
          new TestRun().select("events").in(fresh);
          String sql = "SELECT typeof(k), typeof(v), * FROM events ORDER BY ALL";
          assertThat(rows(workspace, sql)).as(text).isEqualTo(rows(fresh, sql));
        }
      }
      assertThat(rows(workspace, "SELECT w FROM events WHERE k = 6")).isEqualTo("[[1]]");
    }
  }

  private static String rows(Workspace workspace, String sql) {
    return query(workspace, "main", sql).toString();
  }
}
