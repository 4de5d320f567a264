package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.QueryException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.table.TableName;
import io.headrace.verify.Verification;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that are made item by item: which items are computed, and which are kept. */
class ForeachTest {
  private static final TableName BY_SHOP = TableName.parse("by_shop");

  @TempDir Path folder;
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/shops.csv", "shop,open\na,true\nb,true\nc,false\n")
            .write("tables/sales.csv", "shop,price\na,1\na,2\nb,3\nc,4\n")
            .table(
                "by_shop",
                foreach(
                    "SELECT shop FROM shops WHERE open",
                    "SELECT sum(price)::BIGINT AS total FROM sales WHERE shop = $shop"))
            .table("total", "SELECT sum(total)::BIGINT AS total FROM by_shop");
  }

  static String foreach(String items, String sql) {
    return "/*---\nforeach: %s\n---*/ %s".formatted(items, sql);
  }

  private void shops(String... lines) {
    project.write("tables/shops.csv", "shop,open\n" + String.join("\n", lines) + "\n");
  }

  @Test
  void eachItemIsAPartitionWithItsValuesInFront() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      assertThat(query(workspace, "main", "FROM by_shop ORDER BY ALL").toString())
          .isEqualTo("[[a, 3], [b, 3]]");
      assertThat(TestProject.value(workspace, "FROM total")).isEqualTo(6L);
      Version version = version(workspace);
      assertThat(workspace.tables().load(version.metadataLocation()).partitioning().toString())
          .isEqualTo("[shop]");
      assertThat(writes).hasValue(2);
    }
  }

  @Test
  void onlyANewItemIsComputedAndOneThatVanishedGoes() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      shops("b,true", "c,true");
      RunResult result = TestRun.of(workspace);
      assertThat(writes).hasValue(3);
      assertThat(task(result, "by_shop").message()).isEqualTo("1 of 2 items");
      assertThat(query(workspace, "main", "FROM by_shop ORDER BY ALL").toString())
          .isEqualTo("[[b, 3], [c, 4]]");
    }
  }

  @Test
  void anotherQueryOfTheItemsKeepsTheItemsThatItGivesToo() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.table(
          "by_shop",
          foreach(
              "SELECT shop FROM shops",
              "SELECT sum(price)::BIGINT AS total FROM sales WHERE shop = $shop"));
      assertThat(task(TestRun.of(workspace), "by_shop").message()).isEqualTo("1 of 3 items");
      assertThat(TestProject.value(workspace, "FROM total")).isEqualTo(10L);
    }
  }

  @Test
  void theSameItemsEndTheWork() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      shops("b,true", "a,true");
      RunResult result = TestRun.of(workspace);
      assertThat(kinds(result)).containsEntry("by_shop", "same").containsEntry("total", "reused");
      assertThat(writes).hasValue(2);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"tables/sales.csv", "tables/by_shop.sql", "headrace.yaml"})
  void allItemsAreComputedIfWhatTheirQueryReadsChanges(String file) {
    project.write("headrace.yaml", "parameters: {least: 0}\n");
    project.table(
        "by_shop",
        foreach(
            "SELECT shop FROM shops",
            "SELECT sum(price)::BIGINT AS total FROM sales WHERE shop = $shop AND price > $least"));
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      project.write(
          file,
          switch (file) {
            case "tables/sales.csv" -> "shop,price\na,1\na,2\nb,3\nc,5\n";
            case "headrace.yaml" -> "parameters: {least: 1}\n";
            default ->
                foreach(
                    "SELECT shop FROM shops",
                    "SELECT max(price) AS total FROM sales WHERE shop = $shop");
          });
      assertThat(task(TestRun.of(workspace), "by_shop").message()).isEqualTo("3 items");
      assertThat(writes).hasValue(6);
      assertThat(verified(workspace)).isInstanceOf(Verification.Same.class);
    }
  }

  @Test
  void aFailedItemFailsTheTableAndTheOthersAreKept() {
    try (Workspace workspace = open(failingIfMoreThan(1))) {
      RunResult failed = new TestRun().jobs(1).in(workspace);
      assertThat(failed.isGood()).isFalse();
      assertThat(task(failed, "by_shop").message())
          .startsWith("tables/by_shop.sql:3:7: shop = b: failure");
      assertThat(workspace.catalog().parts().all()).hasSize(1);
      assertThat(workspace.catalog().versions().history("by_shop", 10)).isEmpty();
    }
    try (Workspace workspace = open()) {
      // Long enough for nothing to protect it but that it is a part.
      new Garbage(workspace).collect(Duration.ZERO, false);
      List<String> events = new ArrayList<>();
      RunResult result = new TestRun().listener(e -> record(e, events)).in(workspace);
      assertThat(writes).hasValue(1);
      assertThat(task(result, "by_shop").message()).isEqualTo("1 of 2 items");
      assertThat(events.get(1)).contains("done=2, reused=1, total=2, rows=2");
      assertThat(TestProject.value(workspace, "FROM total")).isEqualTo(6L);
    }
  }

  private static void record(RunEvent event, List<String> events) {
    if (event instanceof RunEvent.PartFinished) {
      events.add(event.toString());
    }
  }

  @Test
  void partsAreGarbageADayLaterAndTheirFilesStayAsLongAsTheVersion() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      shops("a,true");
      TestRun.of(workspace);
      new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(workspace.catalog().parts().all()).hasSize(2);
    }
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
    try (Workspace workspace = project.open(Parts.USUAL.with(tomorrow))) {
      new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(workspace.catalog().parts().all()).isEmpty();
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      String location = version(workspace).metadataLocation();
      assertThat(workspace.tables().allFiles())
          .filteredOn(
              file -> file.startsWith(project.warehouse().toAbsolutePath().resolve("by_shop")))
          .hasSameElementsAs(workspace.tables().reachableFiles(location));
      assertThat(query(workspace, "main", "FROM by_shop").toString()).isEqualTo("[[a, 3]]");
    }
  }

  @Test
  void aPartWhoseFileIsGoneIsMadeAgain() throws Exception {
    try (Workspace workspace = open(failingIfMoreThan(1))) {
      new TestRun().jobs(1).in(workspace);
      String location = workspace.catalog().parts().all().get(0).metadataLocation();
      java.nio.file.Files.delete(Path.of(workspace.tables().load(location).files().get(0).path()));
    }
    try (Workspace workspace = open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      assertThat(writes).hasValue(2);
      assertThat(verified(workspace)).isInstanceOf(Verification.Same.class);
    }
  }

  @Test
  void aRefreshComputesAllItems() {
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      RunResult result = new TestRun().refresh("by_shop").in(workspace);
      assertThat(writes).hasValue(4);
      assertThat(kinds(result)).containsEntry("by_shop", "same");
    }
  }

  @Test
  void itemsRunAtTheSameTimeAndNoMoreOfThemThanJobs() {
    project.table("by_shop", foreach("SELECT range AS i FROM range(30)", "SELECT $i * 2 AS n"));
    project.delete("tables/total.sql");
    try (Workspace workspace = open()) {
      assertThat(new TestRun().jobs(2).in(workspace).isGood()).isTrue();
      assertThat(writes).hasValue(30);
      assertThat(mostAtOnce).hasValue(2);
      assertThat(TestProject.value(workspace, "SELECT sum(i + n)::BIGINT FROM by_shop"))
          .isEqualTo(3 * 29 * 15L);
    }
  }

  @Test
  void eachItemIsTriedAgain() {
    project.write("headrace.yaml", "defaults: {retries: 1}\n");
    AtomicInteger calls = new AtomicInteger();
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWrite(TableName table) {
            if (table.equals(BY_SHOP) && calls.incrementAndGet() % 2 == 1) {
              throw new QueryException("failure", "");
            }
          }
        };
    try (Workspace workspace = open(watcher)) {
      List<String> retries = new ArrayList<>();
      RunResult result =
          new TestRun()
              .pause((time, cancel) -> {})
              .jobs(1)
              .listener(
                  event -> {
                    if (event instanceof RunEvent.TaskRetried retried) {
                      retries.add(retried.message());
                    }
                  })
              .in(workspace);
      assertThat(result.isGood()).isTrue();
      assertThat(calls).hasValue(4);
      assertThat(retries)
          .containsExactly(
              "shop = a: tables/by_shop.sql:3:7: failure",
              "shop = b: tables/by_shop.sql:3:7: failure");
    }
  }

  @Test
  void noItemsMakeAnEmptyTable() {
    shops("a,false", "b,false");
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      assertThat(query(workspace, "main", "FROM by_shop")).isEmpty();
      assertThat(query(workspace, "main", "SELECT shop, total FROM by_shop")).isEmpty();
      shops("a,true", "b,false");
      TestRun.of(workspace);
      assertThat(query(workspace, "main", "FROM by_shop").toString()).isEqualTo("[[a, 3]]");
    }
  }

  /** What no fingerprint covers in the query of the items says which there are, and no more. */
  @Test
  void itemsUpToNowAreAskedForInEachRun() {
    project.table(
        "by_shop",
        foreach(
            "SELECT shop FROM shops WHERE open AND now() > TIMESTAMP '2026-01-01'",
            "SELECT sum(price)::BIGINT AS total FROM sales WHERE shop = $shop"));
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      RunResult result = TestRun.of(workspace);
      assertThat(kinds(result)).containsEntry("by_shop", "same");
      assertThat(writes).hasValue(2);
    }
  }

  @Test
  void itemsOfAQueryThatNoFingerprintCoversAreNeverKept() {
    project.table(
        "by_shop",
        foreach("SELECT shop FROM shops WHERE open", "SELECT random() AS total, $shop AS s"));
    try (Workspace workspace = open()) {
      TestRun.of(workspace);
      TestRun.of(workspace);
      assertThat(writes).hasValue(4);
    }
  }

  private Verification.Result verified(Workspace workspace) {
    return new Verifier(
            workspace,
            workspace.buildGraph(workspace.readProject(), Map.of()),
            workspace.catalog().environments().head("main"))
        .verify(BY_SHOP, Cancellation.never())
        .result();
  }

  private static Version version(Workspace workspace) {
    String id = workspace.catalog().environments().head("main").version(BY_SHOP).orElseThrow();
    return workspace.catalog().versions().find(id).orElseThrow();
  }

  private Workspace open() {
    return open(failingIfMoreThan(Integer.MAX_VALUE));
  }

  private Workspace open(WatchedEngine.Watcher watcher) {
    writes.set(0);
    return project.open(Parts.USUAL.with(new WatchedEngine(Parts.USUAL.engine(), watcher)));
  }

  /** Counts the items that are computed, and lets those fail that are too many. */
  private WatchedEngine.Watcher failingIfMoreThan(int most) {
    return new WatchedEngine.Watcher() {
      @Override
      public void beforeWrite(TableName table) {
        if (table.equals(BY_SHOP)) {
          mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          if (writes.incrementAndGet() > most) {
            throw new QueryException("failure", "a hint");
          }
        }
      }

      @Override
      public void afterWrite(TableName table) {
        if (table.equals(BY_SHOP)) {
          atOnce.decrementAndGet();
        }
      }
    };
  }
}
