package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which partitions are computed, and which are kept. */
class PartitionTest {
  @TempDir Path folder;
  private final Map<TableName, String> computed = new ConcurrentHashMap<>();
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/sales.yaml", "files: data/{month}.csv\npartition_by: month\n")
            .write("data/2001-01.csv", "shop,price\na,1\nb,2\n")
            .write("data/2001-02.csv", "shop,price\na,3\n")
            .write("data/2001-03.csv", "shop,price\nb,4\n")
            .write("tables/shops.csv", "shop,town\na,Ulm\nb,Bonn\n")
            .table(
                "monthly",
                partitioned("SELECT month, sum(price)::BIGINT AS total FROM sales GROUP BY month"))
            .table(
                "towns",
                partitioned("SELECT month, town, price FROM sales JOIN shops USING (shop)"))
            .table(
                "running",
                partitioned(
                    "SELECT month, (sum(total) OVER (ORDER BY month))::BIGINT AS s FROM monthly"))
            .table("total", "SELECT sum(total)::BIGINT AS total FROM monthly");
  }

  private static String partitioned(String sql) {
    return "/*---\npartition_by: month\n---*/ " + sql;
  }

  @Test
  void aNewFileIsANewPartitionAndThatAloneIsComputed() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      assertThat(computed).isEmpty();
      project.write("data/2001-04.csv", "shop,price\na,10\n");
      TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{monthly=[2001-04], sales=[2001-04], towns=[2001-04]}");
      assertThat(query(workspace, "main", "FROM monthly ORDER BY month").toString())
          .isEqualTo("[[2001-01, 3], [2001-02, 3], [2001-03, 4], [2001-04, 10]]");
      assertThat(query(workspace, "main", "FROM running ORDER BY month").toString())
          .isEqualTo("[[2001-01, 3], [2001-02, 6], [2001-03, 10], [2001-04, 20]]");
      assertThat(TestProject.value(workspace, "FROM total")).isEqualTo(20L);
    }
  }

  @Test
  void aChangedFileIsAChangedPartition() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("data/2001-02.csv", "shop,price\na,5\n");
      TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{monthly=[2001-02], sales=[2001-02], towns=[2001-02]}");
      assertThat(query(workspace, "main", "FROM towns ORDER BY ALL").toString())
          .isEqualTo(
              "[[2001-01, Bonn, 2], [2001-01, Ulm, 1], [2001-02, Ulm, 5], [2001-03, Bonn, 4]]");
    }
  }

  @Test
  void aPartitionThatDisappearsUpstreamDisappearsDownstream() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.delete("data/2001-01.csv");
      TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{monthly=[2001-01], sales=[2001-01], towns=[2001-01]}");
      assertThat(query(workspace, "main", "FROM monthly ORDER BY month").toString())
          .isEqualTo("[[2001-02, 3], [2001-03, 4]]");
    }
  }

  @Test
  void anInputWithoutPartitionsCountsAsAWhole() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("tables/shops.csv", "shop,town\na,Hof\nb,Bonn\n");
      RunResult result = TestRun.of(workspace);
      assertThat(computed).isEmpty();
      assertThat(kinds(result)).containsEntry("towns", "built").containsEntry("monthly", "reused");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM towns WHERE town = 'Hof'"))
          .isEqualTo(2L);
    }
  }

  @Test
  void changedCodeComputesAllPartitions() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.table(
          "monthly",
          partitioned("SELECT month, max(price)::BIGINT AS total FROM sales GROUP BY month"));
      project.write("data/2001-04.csv", "shop,price\na,10\n");
      TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{sales=[2001-04], towns=[2001-04]}");
      assertThat(query(workspace, "main", "FROM monthly ORDER BY month").toString())
          .isEqualTo("[[2001-01, 2], [2001-02, 3], [2001-03, 4], [2001-04, 10]]");
    }
  }

  @Test
  void aPartitionOfTheSameRowsEndsTheWork() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("data/2001-02.csv", "shop,price\n\"a\",3\n");
      RunResult result = TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{sales=[2001-02]}");
      assertThat(kinds(result)).containsEntry("sales", "same").containsEntry("monthly", "reused");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM sales")).isEqualTo(4L);
    }
  }

  @Test
  void calendarPartitionsFollowEachOther() {
    project
        .write("tables/visits.yaml", "files: visits/{day}.csv\npartition_by: day\n")
        .write("visits/a.csv", "seen,n\n2001-01-31 10:00:00,1\n2001-02-01 11:00:00,2\n")
        .write("visits/b.csv", "seen,n\n2001-03-01 10:00:00,3\n")
        .table("by_month", "/*---\npartition_by: month(seen)\n---*/ SELECT seen, n FROM visits")
        .table(
            "busy",
            "/*---\npartition_by: month(seen)\n---*/ SELECT seen, n FROM by_month WHERE n > 1");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("visits/b.csv", "seen,n\n2001-03-01 10:00:00,3\n2001-03-02 10:00:00,7\n");
      TestRun.of(workspace);
      // What is partitioned by day is nothing to a table by month, so all of `by_month` is new.
      assertThat(computed()).isEqualTo("{visits=[b]}");
      assertThat(TestProject.value(workspace, "SELECT sum(n)::BIGINT FROM busy")).isEqualTo(12L);
    }
  }

  private String computed() {
    return new TreeMap<>(computed).toString();
  }

  private Workspace open() {
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWriteOf(TableName table, PartitionSlice slice) {
            computed.put(table, slice.values().toString());
          }
        };
    return project.open(Parts.USUAL.with(new WatchedEngine(Parts.USUAL.engine(), watcher)));
  }
}
