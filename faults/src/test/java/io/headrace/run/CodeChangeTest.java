package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.publish.Rollback;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Incremental tables whose code changes: nothing happens to their rows that nobody asked for. */
class CodeChangeTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/events.yaml", "files: data/*.csv\nincremental: append\n")
            .write("data/a.csv", "k,v\n1,1\n2,2\n")
            .table("marked", marked("'old' AS made"))
            .table("after", "SELECT count(*) AS n FROM marked");
  }

  private static String marked(String column) {
    return "/*---\nincremental: {append: events}\n---*/ SELECT k, %s FROM events".formatted(column);
  }

  private static String rows(Workspace workspace, String sql) {
    return query(workspace, "main", sql).toString();
  }

  @Test
  void nothingIsDoneBeforeSomebodyDecides() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'new' AS made"));
      assertThat(new TestRun().plan(workspace).undecided())
          .singleElement()
          .satisfies(
              planned ->
                  assertThat(planned.reason())
                      .isEqualTo(
                          "tables/marked.sql changed; rebuild 2 rows, or apply forward only"));
      assertThatThrownBy(() -> TestRun.of(workspace))
          .isInstanceOf(UndecidedException.class)
          .hasMessageContaining("'marked' (2 rows)");
      assertThat(rows(workspace, "SELECT DISTINCT made FROM marked")).isEqualTo("[[old]]");
    }
  }

  @Test
  void aRebuildMakesAllRowsByTheNewCode() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'new' AS made"));
      new TestRun().refresh("marked").in(workspace);
      project.write("data/b.csv", "k,v\n3,3\n");
      assertThat(task(TestRun.of(workspace), "marked").message()).isEqualTo("new rows");
      assertThat(rows(workspace, "SELECT made, count(*) FROM marked GROUP BY ALL"))
          .isEqualTo("[[new, 3]]");
    }
  }

  @Test
  void forwardKeepsTheRowsThatAreThere() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'new' AS made, v + 1 AS w"));
      new TestRun().forward("marked").in(workspace);
      assertThat(kinds(TestRun.of(workspace))).containsEntry("marked", "reused");
      project.write("data/b.csv", "k,v\n3,3\n");
      assertThat(task(TestRun.of(workspace), "marked").message()).isEqualTo("new rows");
      assertThat(rows(workspace, "FROM marked ORDER BY k"))
          .isEqualTo("[[1, old, null], [2, old, null], [3, new, 4]]");
      assertThat(rows(workspace, "FROM after")).isEqualTo("[[3]]");
      new TestRun().refresh("marked").in(workspace);
      assertThat(rows(workspace, "FROM marked ORDER BY k"))
          .isEqualTo("[[1, new, 2], [2, new, 3], [3, new, 4]]");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("marked", "reused");
    }
  }

  @Test
  void forwardTakesInWhatIsNewByTheNewCode() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'new' AS made"));
      project.write("data/b.csv", "k,v\n3,3\n");
      new TestRun().forward("marked").in(workspace);
      assertThat(rows(workspace, "FROM marked ORDER BY k"))
          .isEqualTo("[[1, old], [2, old], [3, new]]");
    }
  }

  @Test
  void whatWasKeptIsNotMadeAgainUnasked() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'new' AS made"));
      new TestRun().forward("marked").in(workspace);
      project.write("data/a.csv", "k,v\n1,1\n");
      RunResult refused = TestRun.of(workspace);
      assertThat(task(refused, "marked").message())
          .contains("'marked' keeps rows that its code does not make, and its inputs changed");
      assertThat(rows(workspace, "FROM marked ORDER BY k")).isEqualTo("[[1, old], [2, old]]");
      new TestRun().refresh("marked").in(workspace);
      assertThat(rows(workspace, "FROM marked")).isEqualTo("[[1, new]]");
    }
  }

  @Test
  void aRollbackTakesTheDecisionBack() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'new' AS made"));
      new TestRun().forward("marked").in(workspace);
      new Rollback(workspace.catalog())
          .rollback("main", Optional.empty(), Set.of(), "ada", workspace.clock().instant());
      assertThatThrownBy(() -> TestRun.of(workspace)).isInstanceOf(UndecidedException.class);
      new TestRun().forward("marked").in(workspace);
      assertThat(rows(workspace, "SELECT DISTINCT made FROM marked")).isEqualTo("[[old]]");
    }
  }

  @Test
  void codeThatChangedNoRowAsksNoMore() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("marked", marked("'o' || 'ld' AS made"));
      assertThat(kinds(new TestRun().refresh("marked").in(workspace)))
          .containsEntry("marked", "same");
      project.write("data/b.csv", "k,v\n3,3\n");
      assertThat(task(TestRun.of(workspace), "marked").message()).isEqualTo("new rows");
    }
  }
}
