package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableName;
import io.headrace.verify.Verification;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Partitions that are computed again. {@code running} promises that a month depends on itself
 * alone, and adds up all months before it: a late row leaves the months behind it wrong.
 */
class BackfillTest {
  private static final TableName RUNNING = TableName.parse("running");

  @TempDir Path folder;
  private final Set<String> chunks = new ConcurrentSkipListSet<>();
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write(
                "tables/sales.yaml",
                "files: data/*.csv\npartition_by: month(day)\nincremental: append\n")
            .write(
                "data/a.csv",
                "day,v\n2001-01-01,1\n2001-02-01,2\n2001-03-01,3\n2001-04-01,4\n2001-05-01,5\n")
            .table(
                "running",
                "/*---\npartition_by: month(day)\nlookback: 0\n---*/ SELECT day, (sum(v) OVER (ORDER BY day))::BIGINT AS s FROM sales")
            .table("last", "SELECT max(s) AS s FROM running");
  }

  /** The months behind February are wrong from here on. */
  private void lateRow(Workspace workspace) {
    TestRun.of(workspace);
    project.write("data/b.csv", "day,v\n2001-02-02,10\n");
    TestRun.of(workspace);
    assertThat(sums(workspace)).isEqualTo("[[1], [3], [13], [6], [10], [15]]");
    chunks.clear();
  }

  private static String sums(Workspace workspace) {
    return query(workspace, "main", "SELECT s FROM running ORDER BY day").toString();
  }

  @Test
  void computesTheRangeAndKeepsTheRest() {
    try (Workspace workspace = open(Set.of())) {
      lateRow(workspace);
      RunResult result = new TestRun().backfill("running", "2001-03", "2001-04").in(workspace);
      assertThat(chunks).containsExactly("2001-03", "2001-04");
      assertThat(task(result, "running").message()).isEqualTo("2001-03 to 2001-04");
      assertThat(sums(workspace)).isEqualTo("[[1], [3], [13], [16], [20], [15]]");
      // As `run running` does, it leaves what reads the table to the next run.
      assertThat(TestProject.value(workspace, "FROM last")).isEqualTo(15L);
      TestRun.of(workspace);
      assertThat(TestProject.value(workspace, "FROM last")).isEqualTo(20L);
    }
  }

  @Test
  void equalsTheFullBuildIfAllThatWasWrongIsInIt() {
    try (Workspace workspace = open(Set.of())) {
      lateRow(workspace);
      assertThat(verified(workspace)).isInstanceOf(Verification.Different.class);
      new TestRun().backfill("running", "2001-03", "2001-12").in(workspace);
      assertThat(verified(workspace)).isInstanceOf(Verification.Same.class);
      assertThat(sums(workspace)).isEqualTo("[[1], [3], [13], [16], [20], [25]]");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("running", "reused");
    }
  }

  @Test
  void publishesWhatDependsOnItInTheSameCommit() {
    try (Workspace workspace = open(Set.of())) {
      lateRow(workspace);
      RunResult result =
          new TestRun().backfill("running", "2001-03", "2001-05").select("running+").in(workspace);
      assertThat(result.commit()).contains(3L);
      assertThat(TestProject.value(workspace, "FROM last")).isEqualTo(25L);
    }
  }

  @Test
  void isCarriedOnWhereItFailed() {
    try (Workspace workspace = open(Set.of("2001-04"))) {
      lateRow(workspace);
      RunResult failed =
          new TestRun().jobs(1).backfill("running", "2001-03", "2001-05").in(workspace);
      assertThat(failed.isGood()).isFalse();
      assertThat(task(failed, "running").message())
          .startsWith("tables/running.sql:4:7: 2001-04: failure");
      assertThat(failed.commit()).isEmpty();
      assertThat(sums(workspace)).isEqualTo("[[1], [3], [13], [6], [10], [15]]");
    }
    chunks.clear();
    try (Workspace workspace = open(Set.of())) {
      new Garbage(workspace).collect(Duration.ZERO, false);
      new TestRun().backfill("running", "2001-03", "2001-05").in(workspace);
      assertThat(chunks).containsExactly("2001-04");
      assertThat(sums(workspace)).isEqualTo("[[1], [3], [13], [16], [20], [25]]");
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  @Test
  void computesEverythingAgainOnceItIsThrough() {
    try (Workspace workspace = open(Set.of())) {
      lateRow(workspace);
      for (int i = 0; i < 3; i++) {
        chunks.clear();
        RunResult result = new TestRun().backfill("running", "2001-03", "2001-05").in(workspace);
        assertThat(kinds(result)).containsEntry("running", i == 0 ? "built" : "same");
        assertThat(chunks).containsExactly("2001-03", "2001-04", "2001-05");
      }
    }
  }

  @Test
  void rangesOfValuesHoldWhatIsBetween() {
    project.table(
        "by_v", "/*---\npartition_by: v\n---*/ SELECT v, count(*) AS n FROM sales GROUP BY v");
    try (Workspace workspace = open(Set.of())) {
      lateRow(workspace);
      new TestRun().backfill("by_v", "2", "9").in(workspace);
      assertThat(chunks)
          .containsExactly("2 to before 3", "3 to before 4", "4 to before 5", "5 to 9");
      new TestRun().backfill("by_v", "100", "200").in(workspace);
      assertThat(query(workspace, "main", "SELECT v FROM by_v ORDER BY v").toString())
          .isEqualTo("[[1], [2], [3], [4], [5], [10]]");
    }
  }

  @Test
  void rowsWithoutAPartitionStay() {
    project.table(
        "running",
        "/*---\npartition_by: month(day)\n---*/ SELECT nullif(day, DATE '2001-02-01') AS day, v FROM sales");
    project.delete("tables/last.sql");
    try (Workspace workspace = open(Set.of())) {
      TestRun.of(workspace);
      RunResult result = new TestRun().backfill("running", "2001-01", "2001-05").in(workspace);
      assertThat(kinds(result)).containsEntry("running", "same");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM running")).isEqualTo(5L);
    }
  }

  @Test
  void manyPartitionsAreComputedInNoMoreThan64Chunks() {
    project.table(
        "running",
        "/*---\npartition_by: day(day)\n---*/ SELECT DATE '2001-01-01' + range::INT AS day, range AS v FROM range(200)");
    project.delete("tables/last.sql");
    try (Workspace workspace = open(Set.of())) {
      TestRun.of(workspace);
      new TestRun().backfill("running", "2001-01-01", "2001-07-19").in(workspace);
      assertThat(chunks).hasSize(50);
      assertThat(TestProject.value(workspace, "SELECT sum(v)::BIGINT FROM running"))
          .isEqualTo(199 * 100L);
    }
  }

  @Test
  void aTableThatIsNotUpToDateIsRefused() {
    try (Workspace workspace = open(Set.of())) {
      TestRun backfill = new TestRun().backfill("running", "2001-03", "2001-05");
      assertThatThrownBy(() -> backfill.planBackfill(workspace))
          .hasMessage(
              "Cannot backfill 'running', as its other partitions could not stay: it is not in 'main' yet");
      TestRun.of(workspace);
      project.table(
          "running",
          "/*---\npartition_by: month(day)\nlookback: 0\n---*/ SELECT day, v AS s FROM sales");
      assertThatThrownBy(() -> backfill.planBackfill(workspace))
          .hasMessage(
              "Cannot backfill 'running', as its other partitions could not stay: tables/running.sql changed")
          .extracting(e -> ((HeadraceException) e).hint())
          .isEqualTo("Run `headrace run running` first");
      // Also if that is so only when it runs.
      RunResult result = backfill.in(workspace);
      assertThat(task(result, "running").message()).contains("its inputs have changed");
      assertThat(result.commit()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "running|2001-03-01|2001-04|Invalid partition '2001-03-01': the table is partitioned by month(day)",
        "running|2001|2001-04|Invalid partition '2001': the table is partitioned by month(day)",
        "running|2001-13|2001-04|Invalid partition '2001-13': the table is partitioned by month(day)",
        "running|2001-04|2001-03|Invalid range: '2001-04' is behind '2001-03'",
        "last|1|2|Cannot backfill 'last': it is not partitioned",
        "kinds|true|false|Cannot backfill 'kinds': it is partitioned by [big], which have no order",
        "items|1|2|Cannot backfill 'items': it is made item by item",
        "latest|2001|2002|Cannot backfill 'latest': it keeps rows by their keys",
        "hours|2001-03-01T10:30|2001-03-02T00|Invalid partition '2001-03-01T10:30': the table is partitioned by hour(at)",
        "hours|2001-03-01T10|2001-03-01T9|Invalid partition '2001-03-01T9': the table is partitioned by hour(at)",
        "days|2001-03|2001-04|Invalid partition '2001-03': the table is partitioned by day",
        "numbers|a|b|Invalid partition 'a': the table is partitioned by v",
      })
  void refusesWhatIsNoRange(String table, String from, String to, String message) {
    project
        .table("kinds", "/*---\npartition_by: big\n---*/ SELECT v > 2 AS big FROM sales")
        .table(
            "hours", "/*---\npartition_by: hour(at)\n---*/ SELECT day::TIMESTAMP AS at FROM sales")
        .table("days", "/*---\npartition_by: day\n---*/ SELECT day FROM sales")
        .table("numbers", "/*---\npartition_by: v\n---*/ SELECT v FROM sales")
        .table(
            "latest",
            "/*---\npartition_by: year(day)\nincremental: {key: v, latest_by: day}\n---*/ SELECT day, v FROM sales")
        .table("items", "/*---\nforeach: SELECT 1 AS i\n---*/ SELECT $i AS n");
    try (Workspace workspace = open(Set.of())) {
      TestRun.of(workspace);
      assertThatThrownBy(() -> new TestRun().backfill(table, from, to).planBackfill(workspace))
          .isInstanceOf(
              table.equals("items") || table.equals("latest")
                  ? HeadraceException.class
                  : UsageException.class)
          .hasMessage(message)
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .isNotEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "year(at), 1969, 1970, 3",
    "month(at), 1969-12, 1970-01, 2",
    "day(at), 1969-12-31, 1970-01-01, 2",
    "hour(at), 1969-12-31T23:00, 1970-01-01T00, 2",
    "at, x, x, 0"
  })
  void unitsOfTimeAreThoseOfTheTable(String field, String from, String to, int partitionsAndRows) {
    project.table(
        "times",
        "/*---\npartition_by: %s\n---*/ SELECT unnest([TIMESTAMP '1969-01-05 00:00:00', '1969-12-31 23:59:59', '1970-01-01 00:00:00', '1971-01-01 00:00:00']) AS at"
            .formatted(field));
    try (Workspace workspace = open(Set.of())) {
      TestRun.of(workspace);
      if (partitionsAndRows == 0) {
        assertThatThrownBy(() -> new TestRun().backfill("times", from, to).planBackfill(workspace))
            .hasMessageContaining("which have no order");
        return;
      }
      BackfillPlan plan = new TestRun().backfill("times", from, to).planBackfill(workspace);
      assertThat(plan.chunks().stream().mapToLong(BackfillPlan.Chunk::rows).sum())
          .isEqualTo(partitionsAndRows);
      RunResult result = new TestRun().backfill("times", from, to).in(workspace);
      assertThat(kinds(result)).containsEntry("times", "same");
    }
  }

  private Verification.Result verified(Workspace workspace) {
    return new Verifier(
            workspace,
            workspace.buildGraph(workspace.readProject(), Map.of()),
            workspace.catalog().environments().head("main"))
        .verify(RUNNING, Cancellation.never())
        .result();
  }

  /** Notes the chunks that are computed, and fails some. */
  private Workspace open(Set<String> failing) {
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWriteOf(TableName table, PartitionSet partitions) {
            if (failing.contains(partitions.toString())) {
              throw new QueryException("failure", "");
            }
            chunks.add(partitions.toString());
          }
        };
    return project.open(Parts.USUAL.with(new WatchedEngine(Parts.USUAL.engine(), watcher)));
  }
}
