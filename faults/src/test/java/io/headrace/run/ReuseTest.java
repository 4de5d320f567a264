package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestProject.value;
import static io.headrace.faults.TestRun.computed;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Runs;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is built, and what is not. */
class ReuseTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/numbers.csv", "n\n1\n2\n3\n")
            .table("even", "SELECT n FROM numbers WHERE n % 2 = 0")
            .table("sums", "SELECT sum(n) AS total FROM even");
  }

  @Test
  void aSecondRunBuildsNothing() {
    try (Workspace workspace = project.open()) {
      assertThat(computed(TestRun.of(workspace))).containsExactly("even", "numbers", "sums");
      RunResult second = TestRun.of(workspace);
      assertThat(computed(second)).isEmpty();
      assertThat(second.state()).isEqualTo(Runs.State.UNCHANGED);
    }
  }

  @Test
  void workEndsWhereTheRowsAreAsBefore() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/numbers.csv", "n\n1\n2\n3\n5\n");
      RunResult result = TestRun.of(workspace);
      assertThat(kinds(result).toString()).isEqualTo("{even=same, numbers=built, sums=reused}");
      assertThat(result.commit()).isPresent();
      project.write("tables/numbers.csv", "n\n1\n2\n3\n5\n7\n");
      assertThat(kinds(TestRun.of(workspace)).toString())
          .isEqualTo("{even=same, numbers=built, sums=reused}");
    }
  }

  @Test
  void sameRowsInAnotherOrderOrFormOfCodeAreTheSame() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("even", "SELECT n + 0 AS n FROM numbers WHERE n IN (2, 4)");
      RunResult result = TestRun.of(workspace);
      assertThat(kinds(result).toString()).isEqualTo("{even=same, numbers=reused, sums=reused}");
      assertThat(result.state()).isEqualTo(Runs.State.UNCHANGED);
      assertThat(computed(TestRun.of(workspace))).isEmpty();
    }
  }

  @Test
  void whatCannotBeIdentifiedIsBuiltEveryTime() {
    project
        .table("times", "SELECT now() AS at")
        .table("dice", "SELECT random() AS points")
        .table("constant", "SELECT 1 AS n WHERE random() < 2");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      RunResult result = TestRun.of(workspace);
      assertThat(computed(result)).containsExactly("constant", "dice", "times");
      assertThat(kinds(result))
          .containsEntry("times", "built")
          .containsEntry("dice", "built")
          .containsEntry("constant", "same");
    }
  }

  @Test
  void aVersionBuiltInASandboxIsReusedElsewhere() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      workspace
          .catalog()
          .environments()
          .create(
              "dev",
              Optional.of(workspace.catalog().environments().head("main")),
              workspace.clock().instant());
      project.table("sums", "SELECT sum(n) + 1 AS total FROM even");
      assertThat(computed(new TestRun().environment("dev").in(workspace))).containsExactly("sums");
      RunResult main = TestRun.of(workspace);
      assertThat(computed(main)).isEmpty();
      assertThat(main.commit()).isPresent();
      assertThat(value(workspace, "SELECT total FROM sums").toString()).isEqualTo("3");
    }
  }

  @Test
  void refreshBuildsWhatIsThere() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      RunResult result = new TestRun().refresh("even").in(workspace);
      assertThat(kinds(result).toString()).isEqualTo("{even=same, numbers=reused, sums=reused}");
    }
  }

  @Test
  void aParameterBuildsOnlyWhatUsesIt() {
    project
        .write("headrace.yaml", "parameters:\n  least: 2\n")
        .table("large", "SELECT n FROM numbers WHERE n >= $least");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      RunResult result = new TestRun().parameter("least", "3").in(workspace);
      assertThat(computed(result)).containsExactly("large");
      assertThat(query(workspace, "main", "FROM large")).hasToString("[[3]]");
      RunResult back = TestRun.of(workspace);
      assertThat(computed(back)).isEmpty();
      assertThat(query(workspace, "main", "SELECT n FROM large ORDER BY n"))
          .hasToString("[[2], [3]]");
    }
  }

  @Test
  void aFileThatAppearsWhileItsFolderIsReadIsNotTakenForTheFilesThatWereThere() {
    project.write("data/a.csv", "n\n1\n").table("folder", "SELECT sum(n) AS n FROM 'data/*.csv'");
    try (Workspace workspace = project.open()) {
      RunResult torn =
          new TestRun()
              .listener(
                  event -> {
                    if (event instanceof RunEvent.TaskStarted started
                        && started.table().name().equals("folder")) {
                      project.write("data/b.csv", "n\n10\n");
                    }
                  })
              .in(workspace);
      assertThat(kinds(torn)).containsEntry("folder", "failed");
      assertThat(task(torn, "folder").message()).contains("b.csv' appeared while");
      TestRun.of(workspace);
      assertThat(value(workspace, "SELECT n FROM folder").toString()).isEqualTo("11");
      project.delete("data/b.csv");
      TestRun.of(workspace);
      assertThat(value(workspace, "SELECT n FROM folder").toString()).isEqualTo("1");
    }
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotTakenForWhatItWas() {
    try (Workspace workspace = project.open()) {
      RunResult torn =
          new TestRun()
              .listener(
                  event -> {
                    if (event instanceof RunEvent.TaskStarted started
                        && started.table().name().equals("numbers")) {
                      project.write("tables/numbers.csv", "n\n4\n5\n6\n");
                    }
                  })
              .in(workspace);
      assertThat(kinds(torn)).containsEntry("numbers", "failed");
      assertThat(task(torn, "numbers").message()).contains("changed while it was read");
      project.write("tables/numbers.csv", "n\n1\n2\n3\n");
      TestRun.of(workspace);
      assertThat(query(workspace, "main", "SELECT n FROM numbers ORDER BY n"))
          .hasToString("[[1], [2], [3]]");
    }
  }

  @Test
  void aRemovedTableLeavesTheEnvironment() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.delete("tables/sums.sql");
      RunResult result = TestRun.of(workspace);
      assertThat(result.removed()).hasToString("[sums]");
      assertThat(workspace.catalog().environments().head("main").versions().keySet())
          .hasToString("[even, numbers]");
      project.table("sums", "SELECT sum(n) AS total FROM even");
      RunResult again = TestRun.of(workspace);
      assertThat(computed(again)).isEmpty();
      assertThat(query(workspace, "main", "FROM sums")).hasToString("[[2]]");
    }
  }
}
