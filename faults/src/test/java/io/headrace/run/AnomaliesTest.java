package io.headrace.run;

import static io.headrace.faults.TestRun.computed;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Runs;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of versions that are not as those before let expect. */
class AnomaliesTest {
  private static final String SOME =
      "/*---\nchecks:\n  - %s\n---*/"
          + " SELECT i, CASE WHEN i %% 100 >= %d THEN 'x' || i %% 50 END AS kind FROM range(%d) t(i)";

  @TempDir Path folder;

  private RunResult build(Workspace workspace, String check, int percentOfNulls, int rows) {
    new TestProject(folder).table("numbers", SOME.formatted(check, percentOfNulls, rows));
    return TestRun.of(workspace);
  }

  private void learn(Workspace workspace, String check) {
    for (int i = 0; i < 8; i++) {
      RunResult result = build(workspace, check, 0, 5_000 + i);
      assertThat(result.checks()).as("version %d", i).allMatch(asked -> asked.passed());
    }
  }

  private static List<String> messages(RunResult result) {
    return result.checks().stream()
        .filter(check -> !check.passed())
        .map(check -> check.message())
        .toList();
  }

  @Test
  void aTableThatLostHalfOfItsRowsIsTold() {
    try (Workspace workspace = new TestProject(folder).open()) {
      learn(workspace, "anomalies");
      RunResult half = build(workspace, "anomalies", 0, 2_500);
      assertThat(half.state()).isEqualTo(Runs.State.PUBLISHED);
      assertThat(messages(half))
          .singleElement()
          .asString()
          .contains("rows: 2,500 where 4,", " were expected (from 8 versions)")
          .contains("distinct values of i")
          .doesNotContain("kind");
      // It is judged once: what comes later changes nothing.
      RunResult again = TestRun.of(workspace);
      assertThat(again.checks()).isEmpty();
      assertThat(computed(again)).isEmpty();
    }
  }

  @Test
  void nullsAreToldByColumn() {
    try (Workspace workspace = new TestProject(folder).open()) {
      String check = "anomalies: {of: nulls, columns: kind}";
      learn(workspace, check);
      assertThat(messages(build(workspace, check, 20, 5_000)))
          .singleElement()
          .asString()
          .contains("nulls in kind: 20.0% where 0.0% to ");
      assertThat(messages(build(workspace, "anomalies: {of: rows}", 30, 5_000))).isEmpty();
    }
  }

  @Test
  void anErrorKeepsItFromBeingPublishedUntilSomebodySaysThatItIsRight() {
    try (Workspace workspace = new TestProject(folder).open()) {
      String check = "{anomalies: {of: rows}, severity: %s}";
      learn(workspace, check.formatted("error"));
      RunResult held = build(workspace, check.formatted("error"), 0, 9_000);
      assertThat(held.state()).isEqualTo(Runs.State.FAILED);
      assertThat(TestRun.of(workspace).state()).isEqualTo(Runs.State.FAILED);

      RunResult warned = build(workspace, check.formatted("warn"), 0, 9_000);
      assertThat(warned.state()).isEqualTo(Runs.State.PUBLISHED);
      assertThat(build(workspace, check.formatted("error"), 0, 9_000).state())
          .isEqualTo(Runs.State.UNCHANGED);
    }
  }

  /** The versions of before are known by their rows, although nothing was counted in them. */
  @Test
  void historyIsOlderThanTheCheck() {
    try (Workspace workspace = new TestProject(folder).open()) {
      learn(workspace, "i >= 0");
      assertThat(messages(build(workspace, "anomalies", 0, 1_000)))
          .singleElement()
          .asString()
          .contains("rows: 1,000 where");
    }
  }

  @Test
  void aColumnThatIsNotThereIsTold() {
    try (Workspace workspace = new TestProject(folder).open()) {
      assertThat(messages(build(workspace, "anomalies: {columns: [i, kindness]}", 0, 5)))
          .singleElement()
          .asString()
          .contains("'numbers' has no column 'kindness'");
    }
  }
}
