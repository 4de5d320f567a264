package io.headrace.run;

import static io.headrace.faults.TestProject.value;
import static io.headrace.faults.TestRun.computed;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Runs;
import io.headrace.check.CheckOutcome;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checks hold back. */
class CheckTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/numbers.csv", "n\n1\n2\n3\n")
            .table("doubled", withCheck("n > 0"))
            .table("sums", "SELECT sum(n) AS total FROM doubled");
  }

  private static String withCheck(String check) {
    return "/*---\nchecks:\n  - %s\n---*/ SELECT n * 2 AS n FROM numbers".formatted(check);
  }

  private static List<String> asked(RunResult result) {
    return result.checks().stream().map(c -> c.check().name()).toList();
  }

  @Test
  void aFailedCheckBlocksWhatIsPublished() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/numbers.csv", "n\n1\n-2\n");
      for (int i = 0; i < 2; i++) {
        RunResult result = TestRun.of(workspace);
        assertThat(result.state()).isEqualTo(Runs.State.FAILED);
        assertThat(kinds(result))
            .containsEntry("doubled", "failed")
            .containsEntry("sums", "skipped");
        assertThat(asked(result)).containsExactly("n > 0");
        assertThat(result.checks().get(0).failures()).isEqualTo(1);
      }
      assertThat(value(workspace, "SELECT total FROM sums").toString()).isEqualTo("12");
    }
  }

  @Test
  void aWarningBlocksNothing() {
    project.table("doubled", withCheck("{condition: n > 2, severity: warn}"));
    try (Workspace workspace = project.open()) {
      RunResult result = TestRun.of(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.PUBLISHED);
      assertThat(result.checks()).singleElement().matches(check -> !check.passed());
      assertThat(TestRun.of(workspace).checks()).isEmpty();
    }
  }

  @Test
  void anEditedCheckIsAskedWithoutABuild() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("doubled", withCheck("n > 1"));
      RunResult result = TestRun.of(workspace);
      assertThat(computed(result)).isEmpty();
      assertThat(asked(result)).containsExactly("n > 1");
      assertThat(TestRun.of(workspace).checks()).isEmpty();

      project.table("doubled", withCheck("n > 2"));
      RunResult failed = TestRun.of(workspace);
      assertThat(failed.state()).isEqualTo(Runs.State.FAILED);
      assertThat(computed(failed)).isEmpty();
    }
  }

  @Test
  void aTableThatLosesAllItsRowsIsHeldEachTime() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("doubled", "SELECT n FROM numbers WHERE n > 100");
      for (int i = 0; i < 3; i++) {
        RunResult held = TestRun.of(workspace);
        assertThat(held.state()).isEqualTo(Runs.State.FAILED);
        assertThat(held.commit()).isEmpty();
        assertThat(task(held, "doubled").message()).startsWith("Held 'doubled'");
        assertThat(task(held, "doubled").hint()).contains("allow_empty: true");
      }
      assertThat(value(workspace, "SELECT count(*) FROM doubled")).isEqualTo(3L);

      project.table(
          "doubled", "/*---\nallow_empty: true\n---*/ SELECT n FROM numbers WHERE n > 100");
      RunResult allowed = TestRun.of(workspace);
      assertThat(allowed.state()).isEqualTo(Runs.State.PUBLISHED);
      assertThat(value(workspace, "SELECT count(*) FROM doubled")).isEqualTo(0L);
    }
  }

  @Test
  void aTableThatAlwaysWasEmptyIsNotHeld() {
    project.table("doubled", "SELECT n FROM numbers WHERE n > 100");
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).state()).isEqualTo(Runs.State.PUBLISHED);
    }
  }

  @Test
  void aRuleOverSeveralTablesBlocksTheWholeRun() {
    project.write(
        "checks/balance.sql",
        "SELECT * FROM sums, (SELECT sum(n) AS n FROM numbers) WHERE total <> 2 * n");
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).state()).isEqualTo(Runs.State.PUBLISHED);
      project.table("sums", "SELECT sum(n) + 1 AS total FROM doubled");
      RunResult failed = TestRun.of(workspace);
      assertThat(failed.state()).isEqualTo(Runs.State.FAILED);
      assertThat(failed.commit()).isEmpty();
      assertThat(computed(failed)).containsExactly("sums");
      RunResult again = TestRun.of(workspace);
      assertThat(again.state()).isEqualTo(Runs.State.FAILED);
      assertThat(again.checks()).anyMatch(CheckOutcome::blocks);
      assertThat(computed(again)).isEmpty();
      project.write("checks/balance.sql", "SELECT * FROM sums, numbers WHERE total < n");
      RunResult mended = TestRun.of(workspace);
      assertThat(mended.state()).isEqualTo(Runs.State.PUBLISHED);
      assertThat(computed(mended)).isEmpty();
    }
  }

  @Test
  void aCheckThatCannotRunBlocks() {
    project.table("doubled", withCheck("nosuch > 0"));
    try (Workspace workspace = project.open()) {
      RunResult result = TestRun.of(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.FAILED);
      assertThat(task(result, "doubled").message()).contains("nosuch");
    }
  }

  @Test
  void aReferenceHoldsOverBothTables() {
    project
        .write("tables/names.csv", "n,name\n1,one\n2,two\n3,three\n")
        .table(
            "named",
            """
            /*---
            checks:
              - references: {column: n, table: names}
            ---*/
            SELECT n FROM numbers
            """);
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).state()).isEqualTo(Runs.State.PUBLISHED);
      project.write("tables/names.csv", "n,name\n1,one\n2,two\n");
      RunResult failed = TestRun.of(workspace);
      assertThat(failed.state()).isEqualTo(Runs.State.FAILED);
      assertThat(failed.commit()).isEmpty();
      assertThat(value(workspace, "SELECT count(*) FROM names")).isEqualTo(3L);
    }
  }
}
