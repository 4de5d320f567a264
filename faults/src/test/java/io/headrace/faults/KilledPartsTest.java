package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.run.RunResult;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of tables that are made in parts: no part is computed twice.
 *
 * <p>{@code -Dheadrace.kills=400} kills a hundred times.
 */
class KilledPartsTest {
  private static final int KILLS = Math.max(5, Integer.getInteger("headrace.kills", 40) / 4);
  private static final int ITEMS = 60;

  /** Later than that the leases of a dead process are free and it counts as dead. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;

  @Test
  void theNextRunMakesTheItemsThatAreMissing() throws Exception {
    Seed seed = new Seed(KilledPartsTest.class);
    TestProject project = new TestProject(folder);
    project.table(
        "items",
        "/*---\nforeach: SELECT range AS i FROM range(%d)\n---*/ SELECT v * $i AS n FROM input"
            .formatted(ITEMS));
    int unfinished = 0;
    for (int i = 0; i < KILLS; i++) {
      String where = "kill %d, %s".formatted(i, seed);
      project.write("tables/input.csv", "v\n%d\n".formatted(i + 1));
      killAmongParts(project, seed.random(i), "run");
      int kept = partsOf(project, i);
      AtomicInteger writes = new AtomicInteger();
      try (Workspace next = project.open(counting(writes))) {
        new Garbage(next).collect(Duration.ZERO, false);
        RunResult result = TestRun.of(next);
        assertThat(result.isGood()).as(where).isTrue();
        assertThat(writes.get()).as(where).isEqualTo(ITEMS - kept);
        assertThat(TestProject.value(next, "SELECT sum(n)::BIGINT FROM items"))
            .as(where)
            .isEqualTo((long) (i + 1) * ITEMS * (ITEMS - 1) / 2);
        assertThat(new Doctor(next).examine().problems()).as(where).isEmpty();
      }
      unfinished += kept < ITEMS ? 1 : 0;
    }
    assertThat(unfinished).isPositive();
  }

  private void killAmongParts(TestProject project, SplittableRandom random, String... command)
      throws InterruptedException {
    try (Child child =
        ChildJvms.prepared().start(project.root(), "io.headrace.cli.Main", arguments(command))) {
      child.await("\"part_finished\"");
      Thread.sleep(random.nextLong(150));
      child.kill();
    }
  }

  @Test
  void theSameBackfillMakesTheChunksThatAreMissing() throws Exception {
    Seed seed = new Seed(KilledPartsTest.class);
    TestProject project = new TestProject(folder);
    project.write("tables/input.csv", "v\n1\n");
    project.table(
        "items",
        "/*---\npartition_by: i\n---*/ SELECT range AS i, v FROM input, range(%d)"
            .formatted(ITEMS));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    int unfinished = 0;
    for (int i = 0; i < KILLS; i++) {
      String where = "kill %d, %s".formatted(i, seed);
      killAmongParts(
          project, seed.random(i), "backfill", "items", "--from", "0", "--to", "" + (ITEMS - 1));
      // A backfill that was through has changed no row, and so has left none.
      int kept = partsOf(project, 0);
      AtomicInteger writes = new AtomicInteger();
      try (Workspace next = project.open(counting(writes))) {
        RunResult result = new TestRun().backfill("items", "0", "" + (ITEMS - 1)).in(next);
        assertThat(result.isGood()).as(where).isTrue();
        assertThat(writes.get()).as(where).isEqualTo(ITEMS - kept);
        assertThat(TestProject.value(next, "SELECT count(DISTINCT i) FROM items"))
            .isEqualTo((long) ITEMS);
        assertThat(new Doctor(next).examine().problems()).as(where).isEmpty();
      }
      unfinished += kept > 0 ? 1 : 0;
    }
    assertThat(unfinished).isPositive();
  }

  private static String[] arguments(String... command) {
    return Stream.concat(Stream.of(command), Stream.of("--json", "--memory", "200MB"))
        .toArray(String[]::new);
  }

  /** How many parts of the newest input are there. */
  private int partsOf(TestProject project, int before) {
    try (Workspace workspace = project.open()) {
      return workspace.catalog().parts().all().size() - before * ITEMS;
    }
  }

  private static TestProject.Parts counting(AtomicInteger writes) {
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWrite(TableName table) {
            if (table.name().equals("items")) {
              writes.incrementAndGet();
            }
          }
        };
    TestProject.Parts usual = TestProject.Parts.USUAL;
    return usual.with(LATER).with(new WatchedEngine(usual.engine(), watcher));
  }
}
