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

/** Histories of inputs that say how things are, and not what changed. */
class StateHistoryTest {
  /** Rows in order of time, with the moments by number, as they differ from run to run. */
  private static final String TIMELINE =
      """
      WITH moments AS (
        SELECT t, row_number() OVER (ORDER BY t) AS n
        FROM (SELECT valid_from AS t FROM history UNION SELECT valid_to FROM history)
        WHERE t IS NOT NULL)
      SELECT id, city, f.n, u.n, is_current
      FROM history JOIN moments AS f ON f.t = valid_from LEFT JOIN moments AS u ON u.t = valid_to
      ORDER BY id, valid_from
      """;

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/customers.csv", "id,city,seen\n1,Rome,1\n2,Oslo,1\n")
            .table("history", history("history: {key: id, track: city}"));
  }

  private static String history(String configuration) {
    return "/*---\n%s\n---*/ SELECT * FROM customers".formatted(configuration);
  }

  private static String timeline(Workspace workspace) {
    return query(workspace, "main", TIMELINE).toString();
  }

  @Test
  void whatChangedIsFoundByComparing() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,2\n2,Oslo,2\n3,Kyiv,2\n");
      assertThat(task(TestRun.of(workspace), "history").message()).isEqualTo("changes since");
      assertThat(timeline(workspace))
          .isEqualTo(
              "[[1, Rome, 1, 2, false], [1, Pisa, 2, null, true], [2, Oslo, 1, null, true],"
                  + " [3, Kyiv, 2, null, true]]");
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,3\n3,Kyiv,3\n");
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,3\n2,Oslo,4\n3,Kyiv,3\n");
      TestRun.of(workspace);
      assertThat(timeline(workspace))
          .isEqualTo(
              "[[1, Rome, 1, 2, false], [1, Pisa, 2, null, true], [2, Oslo, 1, 3, false],"
                  + " [2, Oslo, 4, null, true], [3, Kyiv, 2, null, true]]");
    }
  }

  @Test
  void whatIsMissingMayStay() {
    project.table("history", history("history: {key: id, track: city, missing: stays}"));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,2\n");
      TestRun.of(workspace);
      assertThat(timeline(workspace))
          .isEqualTo(
              "[[1, Rome, 1, 2, false], [1, Pisa, 2, null, true], [2, Oslo, 1, null, true]]");
    }
  }

  @Test
  void aConditionTellsWhatIsGone() {
    project.table("history", history("history: {key: id, track: city, deleted_when: seen > 1}"));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Rome,1\n2,Oslo,2\n");
      TestRun.of(workspace);
      assertThat(timeline(workspace))
          .isEqualTo("[[1, Rome, 1, null, true], [2, Oslo, 1, 2, false]]");
    }
  }

  @Test
  void whatGoesBackToWhatItWasHasChangedAgain() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,1\n2,Oslo,1\n");
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Rome,1\n2,Oslo,1\n");
      RunResult back = TestRun.of(workspace);
      assertThat(kinds(back)).containsEntry("customers", "reused");
      assertThat(timeline(workspace))
          .isEqualTo(
              "[[1, Rome, 1, 2, false], [1, Pisa, 2, 3, false], [1, Rome, 3, null, true],"
                  + " [2, Oslo, 1, null, true]]");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("history", "reused");
    }
  }

  @Test
  void whatDidNotChangeIsTheSameVersion() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Rome,5\n2,Oslo,5\n");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("history", "same");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("history", "reused");
    }
  }

  @Test
  void aRollbackForgetsWhatWasSeenSince() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,1\n2,Oslo,1\n");
      TestRun.of(workspace);
      new Rollback(workspace.catalog())
          .rollback("main", Optional.empty(), Set.of(), "ada", workspace.clock().instant());
      project.write("tables/customers.csv", "id,city,seen\n1,Nice,1\n2,Oslo,1\n");
      TestRun.of(workspace);
      assertThat(timeline(workspace))
          .isEqualTo(
              "[[1, Rome, 1, 2, false], [1, Nice, 2, null, true], [2, Oslo, 1, null, true]]");
    }
  }

  @Test
  void historyIsNeverLostUnasked() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Pisa,1\n2,Oslo,1\n");
      TestRun.of(workspace);
      project.table("history", history("history: {key: id, track: city}") + " WHERE id = 1");
      assertThatThrownBy(() -> TestRun.of(workspace)).isInstanceOf(UndecidedException.class);
      new TestRun().forward("history").in(workspace);
      assertThat(timeline(workspace))
          .isEqualTo("[[1, Rome, 1, 2, false], [1, Pisa, 2, null, true], [2, Oslo, 1, 3, false]]");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("history", "reused");
    }
  }

  @Test
  void aKeyThatIsThereTwiceIsAnError() {
    project.write("tables/customers.csv", "id,city,seen\n1,Rome,1\n1,Oslo,1\n");
    try (Workspace workspace = project.open()) {
      assertThat(task(TestRun.of(workspace), "history").message())
          .contains("two rows of key 1 differ and have the same valid_from");
      project.write("tables/customers.csv", "id,city,seen\n1,Rome,1\n");
      TestRun.of(workspace);
      project.write("tables/customers.csv", "id,city,seen\n1,Rome,1\n1,Oslo,1\n");
      assertThat(task(TestRun.of(workspace), "history").message())
          .contains("the query returns several rows of key 1");
    }
  }
}
