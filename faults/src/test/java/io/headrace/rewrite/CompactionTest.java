package io.headrace.rewrite;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestProject.value;
import static io.headrace.faults.TestRun.kinds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Version;
import io.headrace.catalog.sqlite.WatchedCatalog;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionSet;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compaction changes which files hold the rows of a version, and nothing else that anybody can see.
 * What a table consumed shows in {@code batches}, which counts the rows that each build of it sees.
 */
class CompactionTest {
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;
  private TestProject project;
  private int files;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/events.yaml", "files: data/*.csv\nincremental: append\n")
            .table(
                "batches",
                "/*---\nincremental: {append: events}\n---*/ SELECT count(*) AS rows FROM events");
  }

  /** Adds {@code count} rows to the events, each with a run of its own. */
  private void grow(Workspace workspace, int count) {
    for (int i = 0; i < count; i++) {
      project.write("data/%04d.csv".formatted(files), "k\n%d\n".formatted(files));
      files++;
      assertThat(new TestRun().select("events").in(workspace).isGood()).isTrue();
    }
  }

  private static Version version(Workspace workspace, String table) {
    String id =
        workspace
            .catalog()
            .environments()
            .head("main")
            .version(TableName.parse(table))
            .orElseThrow();
    return workspace.catalog().versions().find(id).orElseThrow();
  }

  private static TableData data(Workspace workspace, String table) {
    return workspace.tables().load(version(workspace, table).metadataLocation());
  }

  private static Optional<Compactor.Compacted> compact(Workspace workspace, String table) {
    return new Compactor(workspace).compact(version(workspace, table), Cancellation.never());
  }

  @Test
  void filesThatMayBeNeededAreKept() {
    try (Workspace workspace = project.open()) {
      grow(workspace, 10);
    }
    WatchedCatalog.Watcher fails =
        new WatchedCatalog.Watcher() {
          @Override
          public void afterCommit() throws SQLException {
            throw new SQLException("disk I/O error", "", 10);
          }
        };
    TestProject.Parts usual = TestProject.Parts.USUAL;
    try (Workspace workspace = project.open(usual.with(usual.disk(), fails))) {
      // It has happened, and nobody can know.
      assertThatThrownBy(() -> compact(workspace, "events")).isInstanceOf(HeadraceException.class);
    }
    try (Workspace workspace = project.open()) {
      assertThat(data(workspace, "events").files()).hasSize(1);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      assertThat(value(workspace, "SELECT count(*) FROM events")).isEqualTo(10L);
    }
  }

  @Test
  void onlyTheFilesOfAVersionChange() {
    try (Workspace workspace = project.open()) {
      grow(workspace, 10);
      TestRun.of(workspace);
      Version before = version(workspace, "events");
      String rows = query(workspace, "main", "FROM events").toString();

      Compactor.Compacted compacted = compact(workspace, "events").orElseThrow();
      assertThat(compacted.filesBefore()).isEqualTo(10);
      assertThat(compacted.filesAfter()).isEqualTo(1);
      assertThat(compacted.bytesAfter()).isLessThan(compacted.bytesBefore());

      Version after = version(workspace, "events");
      assertThat(after.id()).isEqualTo(before.id());
      assertThat(after.recipe()).isEqualTo(before.recipe());
      assertThat(after.rowCount()).isEqualTo(before.rowCount());
      assertThat(after.sizeBytes()).isEqualTo(data(workspace, "events").sizeBytes());
      assertThat(data(workspace, "events").files()).hasSize(1);
      // In the order that they had.
      assertThat(query(workspace, "main", "FROM events").toString()).isEqualTo(rows);
      assertThat(new TestRun().plan(workspace).isUpToDate()).isTrue();
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      assertThat(compact(workspace, "events")).isEmpty();
    }
  }

  /** At each bit, events grow; if it is set they are compacted then, before the consumer runs. */
  @ParameterizedTest
  @ValueSource(ints = {0b0001, 0b0010, 0b0011, 0b0101, 0b1010, 0b1111})
  void eachRowIsConsumedOnceWhereverTheInputIsCompacted(int compacted) {
    try (Workspace workspace = project.open()) {
      List<Long> expected = new ArrayList<>();
      for (int bit = 0; bit < 4; bit++) {
        grow(workspace, 8);
        if ((compacted >> bit & 1) == 1) {
          assertThat(compact(workspace, "events")).isPresent();
        }
        grow(workspace, bit);
        TestRun.of(workspace);
        expected.add(8L + bit);
      }
      assertThat(consumed(workspace)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9})
  void whatWasConsumedBeforeIsNotConsumedAgain(int more) {
    try (Workspace workspace = project.open()) {
      grow(workspace, 3);
      TestRun.of(workspace);
      grow(workspace, 8);
      assertThat(compact(workspace, "events")).isPresent();
      grow(workspace, more);
      // Of the files that were compacted twice or once, three were consumed.
      assertThat(compact(workspace, "events").isPresent()).isEqualTo(more == 9);
      grow(workspace, 1);
      TestRun.of(workspace);
      assertThat(consumed(workspace)).containsExactly(3L, 9L + more);
    }
  }

  @Test
  void whatWasConsumedMayBeCompactedAfterwards() {
    try (Workspace workspace = project.open()) {
      grow(workspace, 9);
      TestRun.of(workspace);
      assertThat(compact(workspace, "events")).isPresent();
      assertThat(kinds(TestRun.of(workspace))).containsEntry("batches", "reused");
      new Garbage(workspace).collect(Duration.ZERO, false);
      grow(workspace, 2);
      TestRun.of(workspace);
      assertThat(consumed(workspace)).containsExactly(9L, 2L);
    }
  }

  @Test
  void withoutTheOldFilesAllIsReadAgain() {
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      grow(workspace, 3);
      TestRun.of(workspace);
      grow(workspace, 6);
      assertThat(compact(workspace, "events")).isPresent();
      assertThat(workspace.catalog().rewrites().all()).hasSize(1);
      workspace.catalog().environments().pin(consumedVersion(workspace), LATER.instant());
      new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(workspace.catalog().rewrites().all()).isEmpty();
      assertThat(workspace.catalog().versions().find(consumedVersion(workspace))).isPresent();
      grow(workspace, 1);
      TestRun.of(workspace);
      assertThat(consumed(workspace)).containsExactly(10L);
    }
  }

  @Test
  void orIfOneOfThemIsDamaged() throws IOException {
    try (Workspace workspace = project.open()) {
      grow(workspace, 3);
      TestRun.of(workspace);
      grow(workspace, 6);
      List<DataFile> old = data(workspace, "events").files();
      assertThat(compact(workspace, "events")).isPresent();
      Files.delete(Path.of(old.get(5).path()));
      TestRun.of(workspace);
      assertThat(consumed(workspace)).containsExactly(9L);
    }
  }

  private static String consumedVersion(Workspace workspace) {
    return version(workspace, "batches").recipe().inputs().get(0).identity();
  }

  @Test
  void aPartitionThatWasCompactedDidNotChange() {
    project
        .write(
            "tables/events.yaml",
            "files: data/{month}-*.csv\npartition_by: month\nincremental: append\n")
        .table(
            "monthly",
            "/*---\npartition_by: month\n---*/ SELECT month, sum(k)::BIGINT AS s FROM events"
                + " GROUP BY month");
    List<String> computed = new ArrayList<>();
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWriteOf(TableName table, PartitionSet partitions) {
            computed.add(table + " " + ((PartitionSlice) partitions).values());
          }
        };
    WatchedEngine engine = new WatchedEngine(TestProject.Parts.USUAL.engine(), watcher);
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(engine))) {
      for (int i = 0; i < 9; i++) {
        project.write("data/m1-%d.csv".formatted(i), "k\n1\n");
        project.write("data/m2-%d.csv".formatted(i), "k\n10\n");
        new TestRun().select("events").in(workspace);
      }
      TestRun.of(workspace);
      project.write("data/m3-1.csv", "k\n100\n");
      new TestRun().select("events").in(workspace);
      assertThat(compact(workspace, "events").orElseThrow().filesAfter()).isEqualTo(3);
      assertThat(data(workspace, "events").files())
          .extracting(file -> file.partition().toString())
          .containsExactlyInAnyOrder("[Optional[m1]]", "[Optional[m2]]", "[Optional[m3]]");
      project.write("data/m2-9.csv", "k\n10\n");
      computed.clear();
      TestRun.of(workspace);
      assertThat(computed).containsExactly("monthly [m2, m3]");
      assertThat(query(workspace, "main", "FROM monthly ORDER BY month").toString())
          .isEqualTo("[[m1, 9], [m2, 100], [m3, 100]]");
      compact(workspace, "events");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("monthly", "reused");
    }
  }

  @Test
  void aBuildThatBeganBeforeIsRightAfterwards() {
    AtomicBoolean interfering = new AtomicBoolean();
    List<Workspace> others = new ArrayList<>();
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void afterWrite(TableName table) {
            if (interfering.getAndSet(false)) {
              assertThat(compact(others.get(0), "events")).isPresent();
              new Garbage(others.get(0)).collect(Duration.ZERO, false);
            }
          }
        };
    WatchedEngine engine = new WatchedEngine(TestProject.Parts.USUAL.engine(), watcher);
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(engine));
        Workspace other = project.open()) {
      others.add(other);
      grow(workspace, 9);
      TestRun.of(workspace);
      interfering.set(true);
      grow(workspace, 1);
      assertThat(data(workspace, "events").files()).hasSize(10);
      new Garbage(other).collect(Duration.ofDays(1), false);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      TestRun.of(workspace);
      assertThat(consumed(workspace)).containsExactly(9L, 1L);
    }
  }

  @Test
  void ofTwoThatCompactOneVersionOneDoes() throws IOException {
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      grow(workspace, 9);
      Version stale = version(workspace, "events");
      Compactor compactor = new Compactor(workspace);
      assertThat(compactor.compact(stale, Cancellation.never())).isPresent();
      assertThat(compactor.compact(stale, Cancellation.never())).isEmpty();
      try (var left = Files.list(project.warehouse().resolve("events/data"))) {
        assertThat(left).hasSize(10);
      }
      new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(workspace.tables().allFiles())
          .isEqualTo(
              workspace.tables().reachableFiles(version(workspace, "events").metadataLocation()));
      assertThat(value(workspace, "SELECT count(*) FROM events")).isEqualTo(9L);
    }
  }

  @Test
  void theOldFilesStayAsLongAsHistoryDoes() {
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      grow(workspace, 9);
      String old = version(workspace, "events").metadataLocation();
      compact(workspace, "events");
      new Garbage(workspace).collect(Duration.ofHours(1), false);
      assertThat(workspace.tables().reachableFiles(old)).allMatch(Files::exists);
      assertThat(new Garbage(workspace).collect(Duration.ZERO, true).files()).isNotEmpty();
      assertThat(workspace.tables().reachableFiles(old)).allMatch(Files::exists);
      new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(Path.of(old)).doesNotExist();
    }
  }

  @Test
  void aRunCompactsWhatBecameManyFiles() {
    project.write("data/x.csv", "k\n-1\n");
    List<RunEvent> events = new ArrayList<>();
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      grow(workspace, 62);
      assertThat(data(workspace, "events").files()).hasSize(63);
      project.write("data/y.csv", "k\n-2\n");
      RunResult result = new TestRun().select("events").listener(events::add).in(workspace);
      assertThat(result.commit()).isPresent();
      assertThat(data(workspace, "events").files()).hasSize(1);
      assertThat(events).filteredOn(RunEvent.Compacted.class::isInstance).hasSize(1);
      TestRun.of(workspace);
      assertThat(consumed(workspace)).containsExactly(1L, 63L);
    }
  }

  @Test
  void aCompactionThatFailsLeavesThePublishAlone() throws IOException {
    List<RunEvent> events = new ArrayList<>();
    try (Workspace workspace = project.open()) {
      grow(workspace, 63);
      Files.delete(Path.of(data(workspace, "events").files().get(7).path()));
      project.write("data/y.csv", "k\n-2\n");
      RunResult result = new TestRun().select("events").listener(events::add).in(workspace);
      assertThat(result.isGood()).isTrue();
      assertThat(events).filteredOn(RunEvent.NotCompacted.class::isInstance).hasSize(1);
      assertThat(data(workspace, "events").files()).hasSize(64);
    }
  }

  private static List<Object> consumed(Workspace workspace) {
    return query(workspace, "main", "FROM batches").stream().map(row -> row.get(0)).toList();
  }
}
