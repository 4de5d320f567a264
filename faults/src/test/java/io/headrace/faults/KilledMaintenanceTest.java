package io.headrace.faults;

import static io.headrace.faults.KillEverywhereTest.copy;
import static io.headrace.faults.KillEverywhereTest.last;
import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestProject.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.erase.Erasure;
import io.headrace.erase.Found;
import io.headrace.faults.TestProject.Parts;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.rewrite.Compactor;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance that dies, and maintenance while others read. */
@Order(1)
class KilledMaintenanceTest {
  private static final int FILES = 9;
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;

  /** A table of small files, some of which another table has consumed. */
  private TestProject project() {
    TestProject project =
        new TestProject(folder.resolve("project"))
            .write("tables/events.yaml", "files: data/*.csv\nincremental: append\n")
            .table(
                "batches",
                "/*---\nincremental: {append: events}\n---*/ SELECT count(*) AS n FROM events");
    try (Workspace workspace = project.open()) {
      for (int i = 0; i < FILES; i++) {
        project.write("data/%d.csv".formatted(i), "k\n%d\n".formatted(i));
        new TestRun().select("events").in(workspace);
        if (i == 2) {
          TestRun.of(workspace);
        }
      }
    }
    return project;
  }

  @Test
  void maintenanceMayDieAtEachOperation() throws IOException {
    TestProject project = project();
    Path saved = folder.resolve("saved");
    copy(project.state(), saved);
    Seed seed = new Seed(KilledMaintenanceTest.class);
    int n = 1;
    try (Engine engine =
        Parts.USUAL
            .engine()
            .start(new EngineProvider.Settings(256L << 20, 1, folder.resolve("spill")))) {
      Parts parts = Parts.USUAL.with(LATER).with(new SharedEngine(Parts.USUAL.engine(), engine));
      for (; ; n++) {
        copy(saved, project.state());
        Set<Path> before = new HashSet<>(PowerCut.contents(project.warehouse()));
        Path journal = folder.resolve("journal-%d".formatted(n));
        if (!dies(project, n, journal, "maintain")) {
          break;
        }
        String at = "operation %d, '%s', %s".formatted(n, last(Files.readAllLines(journal)), seed);
        Path copy = folder.resolve("copy");
        copy(project.state(), copy);
        survives(project, parts, "killed at " + at);
        copy(copy, project.state());
        new PowerCut(before, journal).strike(project.warehouse(), before, seed.random(n));
        survives(project, parts, "without power at " + at);
      }
    }
    assertThat(n).isGreaterThan(12);
  }

  @Test
  void anErasureMayDieAtEachOperation() throws IOException {
    TestProject project = project();
    Path saved = folder.resolve("saved");
    copy(project.state(), saved);
    int n = 1;
    for (; ; n++) {
      copy(saved, project.state());
      Path journal = folder.resolve("journal-%d".formatted(n));
      boolean died = dies(project, n, journal, "events", "k = 5");
      String how = died ? last(Files.readAllLines(journal)) : "alive";
      try (Workspace workspace = project.open(Parts.USUAL.with(LATER))) {
        assertThat(new Doctor(workspace).examine().problems()).as(how).isEmpty();
        // In all versions that had the row, or in none.
        assertThat(erasable(workspace).affected().size())
            .as(how)
            .isIn(died ? Set.of(0, 4) : Set.of(0));
        new Garbage(workspace).collect(Duration.ofDays(1), false);
        assertThat(new Doctor(workspace).examine().problems()).as(how).isEmpty();
        new Erasure(workspace).erase(erasable(workspace), Cancellation.never());
        assertThat(value(workspace, "SELECT count(*) FROM events")).as(how).isEqualTo(8L);
        assertThat(erasable(workspace).affected()).as(how).isEmpty();
      }
      if (!died) {
        break;
      }
    }
    assertThat(n).isGreaterThan(20);
  }

  private static Found erasable(Workspace workspace) {
    return new Erasure(workspace)
        .find(new TreeSet<>(Set.of(TableName.parse("events"))), "k = 5", Cancellation.never());
  }

  private static boolean dies(TestProject project, int n, Path journal, String... what) {
    List<String> arguments =
        new ArrayList<>(List.of(project.root().toString(), String.valueOf(n), journal.toString()));
    arguments.addAll(List.of(what));
    try (Child child =
        ChildJvms.prepared()
            .start(project.root(), DoomedRun.class.getName(), arguments.toArray(String[]::new))) {
      int code = child.finish();
      assertThat(code).as(child.errors()).isIn(0, DoomedRun.DIED);
      return code == DoomedRun.DIED;
    }
  }

  private static void survives(TestProject project, Parts parts, String how) {
    try (Workspace workspace = project.open(parts)) {
      assertThat(new Doctor(workspace).examine().problems()).as(how).isEmpty();
      new Garbage(workspace).collect(Duration.ofDays(1), false);
      assertThat(new Doctor(workspace).examine().problems()).as(how).isEmpty();
      assertThat(TestRun.of(workspace).isGood()).as(how).isTrue();
      assertThat(query(workspace, "main", "FROM batches").toString()).as(how).endsWith("[6]]");
      assertThat(value(workspace, "SELECT count(*) FROM events")).as(how).isEqualTo(9L);
      new Garbage(workspace).collect(Duration.ZERO, false);
      Set<Path> needed = new HashSet<>();
      workspace
          .catalog()
          .versions()
          .all()
          .forEach(v -> needed.addAll(workspace.tables().reachableFiles(v.metadataLocation())));
      assertThat(workspace.tables().allFiles()).as(how).isEqualTo(needed);
    }
  }

  @Test
  void readersAreNotDisturbed() throws InterruptedException {
    TestProject project = project();
    try (Workspace workspace = project.open()) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicInteger reads = new AtomicInteger();
      Thread reader =
          new Thread(
              () -> {
                try {
                  while (!Thread.currentThread().isInterrupted()) {
                    String sql = "SELECT count(*) = max(k) + 1, count(DISTINCT k) > 8 FROM events";
                    assertThat(query(workspace, "main", sql).toString())
                        .isEqualTo("[[true, true]]");
                    reads.incrementAndGet();
                  }
                } catch (RuntimeException | AssertionError e) {
                  failure.set(e);
                }
              });
      reader.start();
      int compacted = 0;
      for (int i = FILES; i < FILES + 12; i++) {
        project.write("data/%d.csv".formatted(i), "k\n%d\n".formatted(i));
        TestRun.of(workspace);
        compacted += compact(workspace) ? 1 : 0;
      }
      reader.interrupt();
      reader.join();
      assertThat(failure).hasNullValue();
      assertThat(compacted).isGreaterThan(3);
      assertThat(reads).hasValueGreaterThan(10);
      assertThat(value(workspace, "SELECT sum(n)::BIGINT FROM batches")).isEqualTo(FILES + 12L);
    }
  }

  private static boolean compact(Workspace workspace) {
    String id =
        workspace
            .catalog()
            .environments()
            .head("main")
            .version(TableName.parse("events"))
            .orElseThrow();
    Version version = workspace.catalog().versions().find(id).orElseThrow();
    return new Compactor(workspace, 2).compact(version, Cancellation.never()).isPresent();
  }
}
