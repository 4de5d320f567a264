package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestProject.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Runs;
import io.headrace.error.ConflictException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.publish.Promotion;
import io.headrace.publish.Rollback;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How pointers move: whole, together, and never over what somebody else did. */
class PublishTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = new TestProject(folder).table("a", "SELECT 1 AS n").table("b", "SELECT 1 AS n");
  }

  private static Environments environments(Workspace workspace) {
    return workspace.catalog().environments();
  }

  private static List<Commit> log(Workspace workspace) {
    return environments(workspace).log("main", 100);
  }

  private static String number(Workspace workspace, String environment, String table) {
    return query(workspace, environment, "SELECT n FROM " + table).get(0).get(0).toString();
  }

  private static void fork(Workspace workspace, String name) {
    environments(workspace)
        .create(
            name, Optional.of(environments(workspace).head("main")), workspace.clock().instant());
  }

  private static Promotion.Promoted promote(Workspace workspace, String from) {
    return new Promotion(workspace.catalog())
        .promote(from, "main", "tester", "", workspace.clock().instant());
  }

  /** Does something once, at the first end of a task. */
  private static Consumer<RunEvent> onceBuilt(Runnable work) {
    List<Runnable> left = new ArrayList<>(List.of(work));
    return event -> {
      if (event instanceof RunEvent.TaskFinished && !left.isEmpty()) {
        left.remove(0).run();
      }
    };
  }

  @Test
  void readyPublishesThePartsInWhichNothingFailed() {
    project
        .table("good", "SELECT n FROM a")
        .table("fine", "SELECT 7 AS n")
        .table("bad", "SELECT error('no')::INT AS n FROM b")
        .table("beside_bad", "SELECT n FROM b");
    try (Workspace workspace = project.open()) {
      RunResult result = new TestRun().publishReady().in(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.FAILED);
      assertThat(result.commit()).isPresent();
      assertThat(environments(workspace).head("main").versions().keySet())
          .hasToString("[a, fine, good]");
    }
  }

  @Test
  void readyKeepsTablesTogetherThatARuleLooksAt() {
    project
        .table("bad", "SELECT error('no')::INT AS n FROM b")
        .table("apart", "SELECT 7 AS n")
        .write("checks/rule.sql", "SELECT * FROM a, b WHERE a.n <> b.n");
    try (Workspace workspace = project.open()) {
      new TestRun().publishReady().in(workspace);
      assertThat(environments(workspace).head("main").versions().keySet()).hasToString("[apart]");
      project.table("bad", "SELECT n FROM b").table("a", "SELECT 2 AS n");
      RunResult broken = new TestRun().publishReady().in(workspace);
      assertThat(broken.state()).isEqualTo(Runs.State.FAILED);
      assertThat(environments(workspace).head("main").versions().keySet()).hasToString("[apart]");
    }
  }

  @Test
  void aRunThatLostTheRacePlansAgain() {
    project.table("sums", "SELECT a.n + b.n AS n FROM a, b");
    TestProject other =
        new TestProject(folder.resolve("other"))
            .table("a", "SELECT 10 AS n")
            .table("b", "SELECT 1 AS n")
            .table("sums", "SELECT a.n + b.n AS n FROM a, b");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("b", "SELECT 5 AS n");
      List<RunEvent> conflicts = new ArrayList<>();
      Consumer<RunEvent> race = onceBuilt(() -> runElsewhere(workspace, other, "a", "sums"));
      RunResult result =
          new TestRun()
              .select("b", "sums")
              .listener(
                  event -> {
                    race.accept(event);
                    if (event instanceof RunEvent.Conflicted) {
                      conflicts.add(event);
                    }
                  })
              .in(workspace);
      assertThat(conflicts).hasSize(1);
      assertThat(result.state()).isEqualTo(Runs.State.PUBLISHED);
      assertThat(value(workspace, "SELECT n FROM sums").toString()).isEqualTo("15");
      assertThat(log(workspace)).hasSize(3);
    }
  }

  /** Another working copy that shares the state of {@code workspace}. */
  private static void runElsewhere(Workspace workspace, TestProject other, String... tables) {
    Workspace elsewhere =
        new Workspace(
            other.root(),
            workspace.catalog(),
            workspace.tables(),
            TestProject.Parts.USUAL.engine(),
            workspace::engineSettings,
            workspace.clock(),
            Optional.empty());
    new TestRun().select(tables).in(elsewhere);
  }

  /**
   * Each of two runs reads what the other writes. One after the other, in whichever order, gives
   * numbers that the rule allows; both from the same start would not.
   */
  @Test
  void twoRunsThatReadWhatTheOtherWritesDoNotBothPublish() {
    project
        .table("t1", "SELECT 0 AS n")
        .table("t2", "SELECT 0 AS n")
        .write("checks/one_at_most.sql", "SELECT * FROM t1, t2 WHERE t1.n + t2.n > 1");
    TestProject other =
        new TestProject(folder.resolve("other"))
            .table("t1", "SELECT 0 AS n")
            .table("t2", "SELECT 1 AS n")
            .write("checks/one_at_most.sql", "SELECT * FROM t1, t2 WHERE t1.n + t2.n > 1");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("t1", "SELECT 1 AS n");
      RunResult result =
          new TestRun()
              .select("t1")
              .listener(onceBuilt(() -> runElsewhere(workspace, other, "t2")))
              .in(workspace);
      assertThat(number(workspace, "main", "t2")).isEqualTo("1");
      assertThat(number(workspace, "main", "t1")).isEqualTo("0");
      assertThat(result.state()).isEqualTo(Runs.State.FAILED);
      assertThat(log(workspace)).hasSize(2);
    }
  }

  @Test
  void twoRunsThatComputeFromWhatTheOtherWritesAreAsOneAfterTheOther() {
    project
        .write("tables/x.csv", "n\n1\n")
        .write("tables/y.csv", "n\n1\n")
        .table("t1", "SELECT x.n + t2.n AS n FROM x, t2")
        .table("t2", "SELECT n FROM y");
    TestProject other =
        new TestProject(folder.resolve("other"))
            .write("tables/x.csv", "n\n1\n")
            .write("tables/y.csv", "n\n100\n")
            .table("t1", "SELECT x.n + t2.n AS n FROM x, t2")
            .table("t2", "SELECT n FROM y");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/x.csv", "n\n7\n");
      new TestRun()
          .select("x", "t1")
          .listener(onceBuilt(() -> runElsewhere(workspace, other, "y", "t2")))
          .in(workspace);
      assertThat(number(workspace, "main", "t1")).isEqualTo("107");
    }
  }

  @Test
  void aPromotionMovesWhatTheForkChanged() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      fork(workspace, "dev");
      project.table("a", "SELECT 2 AS n");
      new TestRun().environment("dev").in(workspace);
      assertThat(number(workspace, "main", "a")).isEqualTo("1");
      assertThat(promote(workspace, "dev").changes().keySet()).hasToString("[a]");
      assertThat(number(workspace, "main", "a")).isEqualTo("2");
      assertThat(promote(workspace, "dev").commit()).isEmpty();
    }
  }

  @Test
  void aPromotionOverWhatMovedIsRefusedUntilItWasBuiltOntoThat() {
    project.table("sums", "SELECT a.n + b.n AS n FROM a, b");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      fork(workspace, "dev");
      project.table("sums", "SELECT a.n * 10 + b.n AS n FROM a, b");
      new TestRun().environment("dev").in(workspace);
      project.table("a", "SELECT 3 AS n").table("sums", "SELECT a.n + b.n AS n FROM a, b");
      TestRun.of(workspace);
      assertThatThrownBy(() -> promote(workspace, "dev"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'main' has moved since");
      assertThat(number(workspace, "main", "sums")).isEqualTo("4");

      project.table("sums", "SELECT a.n * 10 + b.n AS n FROM a, b");
      new TestRun()
          .environment("dev")
          .onto(environments(workspace).head("main").commit())
          .in(workspace);
      promote(workspace, "dev");
      assertThat(number(workspace, "main", "sums")).isEqualTo("31");
    }
  }

  @Test
  void aRollbackMovesBackAWholeCommitAndCanBeRolledBack() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("a", "SELECT 2 AS n").table("b", "SELECT 2 AS n");
      TestRun.of(workspace);
      rollback(workspace, Set.of());
      assertThat(number(workspace, "main", "a") + number(workspace, "main", "b")).isEqualTo("11");
      rollback(workspace, Set.of());
      assertThat(number(workspace, "main", "a") + number(workspace, "main", "b")).isEqualTo("22");
      assertThat(log(workspace)).hasSize(4);
    }
  }

  @Test
  void aRollbackOfATableLeavesTheOthers() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("a", "SELECT 2 AS n").table("b", "SELECT 2 AS n");
      TestRun.of(workspace);
      rollback(workspace, Set.of(TableName.parse("a")));
      assertThat(number(workspace, "main", "a") + number(workspace, "main", "b")).isEqualTo("12");
    }
  }

  private static void rollback(Workspace workspace, Set<TableName> tables) {
    new Rollback(workspace.catalog())
        .rollback("main", Optional.empty(), tables, "tester", workspace.clock().instant());
  }
}
