package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.table.PartitionSet;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  private final Map<TableName, String> scanned = new ConcurrentHashMap<>();
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
  void severalFieldsNarrowWhatIsComputed() {
    for (String month : List.of("m1", "m2", "m3")) {
      for (String region : List.of("north", "south")) {
        project.write("log/%s/%s.csv".formatted(month, region), "v\n1\n2\n");
      }
    }
    String both = "/*---\npartition_by: [month, region]\n---*/ ";
    project
        .write(
            "tables/log.yaml", "files: log/{month}/{region}.csv\npartition_by: [month, region]\n")
        .table("counts", both + "SELECT month, region, count(*) AS n FROM log GROUP BY ALL")
        .table(
            "shares",
            both
                + "SELECT DISTINCT month, region, count(*) OVER (PARTITION BY region) AS n FROM log")
        .table(
            "regions",
            "/*---\npartition_by: region\n---*/ SELECT region, count(*) AS n FROM log GROUP BY region");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("log/m2/north.csv", "v\n1\n2\n3\n");
      RunResult result = TestRun.of(workspace);
      assertThat(task(result, "log").message()).isEqualTo("partition m2, north");
      assertThat(task(result, "counts").message()).isEqualTo("partition m2, north");
      assertThat(task(result, "shares").message()).isEqualTo("partition north");
      assertThat(task(result, "regions").message()).isEqualTo("partition north");
      assertThat(query(workspace, "main", "FROM counts ORDER BY ALL").toString())
          .isEqualTo(
              "[[m1, north, 2], [m1, south, 2], [m2, north, 3], [m2, south, 2], [m3, north, 2],"
                  + " [m3, south, 2]]");
      assertThat(query(workspace, "main", "FROM shares ORDER BY ALL").toString())
          .isEqualTo(
              "[[m1, north, 7], [m1, south, 6], [m2, north, 7], [m2, south, 6], [m3, north, 7],"
                  + " [m3, south, 6]]");
      project.write("log/m1/south.csv", "v\n").write("log/m2/north.csv", "v\n7\n");
      assertThat(task(TestRun.of(workspace), "counts").message()).isEqualTo("4 partitions");
      assertThat(query(workspace, "main", "FROM counts ORDER BY ALL").toString())
          .isEqualTo(
              "[[m1, north, 2], [m2, north, 1], [m2, south, 2], [m3, north, 2], [m3, south, 2]]");
    }
  }

  @Test
  void filesOfOtherPartitionsAreNotRead() throws IOException {
    project.write("tables/log.yaml", "files: log/{month}.parquet\npartition_by: month\n");
    try (Workspace workspace = open()) {
      parquet(workspace, "m1", "SELECT 1 AS v");
      parquet(workspace, "m2", "SELECT 2 AS v");
      TestRun.of(workspace);
      assertThat(scanned).containsEntry(TableName.parse("log"), "[m1.parquet, m2.parquet]");
      parquet(workspace, "m3", "SELECT 3 AS v");
      TestRun.of(workspace);
      assertThat(scanned).containsEntry(TableName.parse("log"), "[m3.parquet]");
      project.delete("log/m2.parquet");
      TestRun.of(workspace);
      assertThat(query(workspace, "main", "SELECT month, v FROM log ORDER BY ALL").toString())
          .isEqualTo("[[m1, 1], [m3, 3]]");
    }
  }

  @Test
  void filesWithOtherColumnsAreReadTogether() throws IOException {
    project.write("tables/log.yaml", "files: log/{month}.parquet\npartition_by: month\n");
    try (Workspace workspace = open()) {
      parquet(workspace, "m1", "SELECT 1 AS v, 'a' AS w");
      parquet(workspace, "m2", "SELECT 2 AS v");
      TestRun.of(workspace);
      parquet(workspace, "m3", "SELECT 3 AS v");
      TestRun.of(workspace);
      assertThat(scanned)
          .containsEntry(TableName.parse("log"), "[m1.parquet, m2.parquet, m3.parquet]");
      assertThat(query(workspace, "main", "SELECT month, v, w FROM log ORDER BY ALL").toString())
          .isEqualTo("[[m1, 1, a], [m2, 2, null], [m3, 3, null]]");
    }
  }

  private void parquet(Workspace workspace, String month, String sql) throws IOException {
    Path file = project.root().resolve("log/" + month + ".parquet");
    Files.createDirectories(project.root().resolve("log"));
    try (Session session = workspace.engine().open(project.root())) {
      session.export(new Query.Select(sql), file, ExportFormat.PARQUET, Cancellation.never());
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
  void partitionsByTimeFollowEachOther() {
    visits()
        .table("daily", "/*---\npartition_by: day(seen)\n---*/ SELECT seen, n * 2 AS n FROM visits")
        .table("by_month", "/*---\npartition_by: month(seen)\n---*/ SELECT seen, n FROM visits");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("visits/b.csv", "seen,n\n2001-02-01 10:00:00,5\n");
      TestRun.of(workspace);
      // What is partitioned by day is nothing to a table by month, so all of that is computed.
      assertThat(computed()).isEqualTo("{daily=[11354]}");
      assertThat(TestProject.value(workspace, "SELECT sum(n)::BIGINT FROM daily")).isEqualTo(22L);
      assertThat(TestProject.value(workspace, "SELECT sum(n)::BIGINT FROM by_month"))
          .isEqualTo(11L);
    }
  }

  @Test
  void aLookbackComputesWhatComesAfterToo() {
    visits()
        .table(
            "moving",
            "/*---\npartition_by: day(seen)\nlookback: 1\n---*/ SELECT seen, (sum(n) OVER (ORDER BY"
                + " seen RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW))::BIGINT AS s"
                + " FROM visits");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("visits/b.csv", "seen,n\n2001-01-31 09:00:00,10\n");
      TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{moving=[11353, 11354]}");
      assertThat(query(workspace, "main", "SELECT s FROM moving ORDER BY seen").toString())
          .isEqualTo("[[10], [11], [13], [3]]");
    }
  }

  @Test
  void hoursArePartitionsToo() {
    visits()
        .table(
            "hourly",
            "/*---\npartition_by: hour(seen)\nlookback: 0\n---*/ SELECT seen, n FROM hours")
        .table("hours", "/*---\npartition_by: hour(seen)\nincremental: append\n---*/ FROM visits");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("visits/b.csv", "seen,n\n1969-12-31 23:30:00,7\n");
      TestRun.of(workspace);
      assertThat(computed()).isEqualTo("{hourly=[-1]}");
      assertThat(query(workspace, "main", "SELECT n FROM hourly ORDER BY seen").toString())
          .isEqualTo("[[7], [1], [2], [3]]");
    }
  }

  @Test
  void aChangeOfABucketComputesThatBucket() {
    project
        .write(
            "tables/users.yaml",
            "files: users/*.csv\npartition_by: bucket(8, id)\nincremental: append\n")
        .write("users/a.csv", "id,n\n0,1\n1,2\n2,3\n3,4\n,5\n")
        .table(
            "per_user",
            "/*---\npartition_by: bucket(8, id)\n---*/ SELECT id, sum(n)::BIGINT AS n FROM users"
                + " GROUP BY id")
        .table("other", "/*---\npartition_by: bucket(4, id)\n---*/ SELECT id, n FROM users");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      computed.clear();
      project.write("users/b.csv", "id,n\n2,10\n,10\n");
      RunResult result = TestRun.of(workspace);
      assertThat(computed).containsOnlyKeys(TableName.parse("per_user"));
      assertThat(TestRun.task(result, "per_user").message()).startsWith("partition ");
      assertThat(query(workspace, "main", "SELECT n FROM per_user ORDER BY id").toString())
          .isEqualTo("[[1], [2], [13], [4], [15]]");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM other")).isEqualTo(7L);
    }
  }

  @Test
  void bothZerosAreNotToldApart() {
    project.table(
        "zeros",
        "/*---\npartition_by: price\n---*/ SELECT month, price::DOUBLE * 0 * (price - 2) AS price"
            + " FROM sales");
    project.table(
        "copies",
        "/*---\npartition_by: price\n---*/ SELECT price, count(*) AS n FROM zeros GROUP BY ALL");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write("data/2001-04.csv", "shop,price\na,10\n");
      TestRun.of(workspace);
      assertThat(computed()).doesNotContain("zeros").doesNotContain("copies");
      assertThat(TestProject.value(workspace, "SELECT sum(n)::BIGINT FROM copies")).isEqualTo(5L);
    }
  }

  @Test
  void garbageCollectionLeavesWhatLaterVersionsKeep() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      for (int price = 5; price < 8; price++) {
        project.write("data/2001-02.csv", "shop,price\na,%d\n".formatted(price));
        TestRun.of(workspace);
      }
      assertThat(new Garbage(workspace).collect(Duration.ZERO, false).versions()).isNotEmpty();
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      assertThat(TestProject.value(workspace, "SELECT sum(price)::BIGINT FROM towns"))
          .isEqualTo(14L);
      project.write("data/2001-03.csv", "shop,price\nb,6\n");
      TestRun.of(workspace);
      assertThat(TestProject.value(workspace, "SELECT sum(price)::BIGINT FROM towns"))
          .isEqualTo(16L);
    }
  }

  private TestProject visits() {
    return project
        .write(
            "tables/visits.yaml",
            "files: visits/*.csv\npartition_by: day(seen)\nincremental: append\n")
        .write(
            "visits/a.csv",
            "seen,n\n2001-01-31 10:00:00,1\n2001-02-01 09:00:00,2\n2001-03-01 10:00:00,3\n");
  }

  private String computed() {
    return new TreeMap<>(computed).toString();
  }

  private Workspace open() {
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWriteOf(TableName table, Query query) {
            if (query instanceof Query.FileScan scan) {
              scanned.put(table, scan.files().stream().map(Path::getFileName).toList().toString());
            }
          }

          @Override
          public void beforeWriteOf(TableName table, PartitionSet partitions) {
            computed.put(table, ((PartitionSlice) partitions).values().toString());
          }
        };
    return project.open(Parts.USUAL.with(new WatchedEngine(Parts.USUAL.engine(), watcher)));
  }
}
