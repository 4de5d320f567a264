package io.headrace.run;

import static io.headrace.faults.TestRun.computed;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Runs;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a run fails: as little as possible, and without a trace in what readers see. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailureTest {
  private static final String ENDLESS =
      "SELECT sum(hash(a.range * b.range)) AS n FROM" + " range(1000000) a, range(1000000) b";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .table("good", "SELECT 1 AS n")
            .table("bad", "SELECT error('no luck')::INT AS n FROM good")
            .table("after_good", "SELECT n + 1 AS n FROM good")
            .table("after_bad", "SELECT n FROM bad")
            .table("far_after_bad", "SELECT n FROM after_bad");
  }

  @Test
  void aFailureSkipsWhatDependsOnItAndKeepsTheRest() {
    try (Workspace workspace = project.open()) {
      RunResult failed = TestRun.of(workspace);
      assertThat(kinds(failed))
          .isEqualTo(
              Map.of(
                  "good", "built",
                  "bad", "failed",
                  "after_good", "built",
                  "after_bad", "skipped",
                  "far_after_bad", "skipped"));
      assertThat(task(failed, "bad").message())
          .startsWith("tables/bad.sql:1:1: ")
          .contains("no luck");
      assertThat(failed.state()).isEqualTo(Runs.State.FAILED);
      assertThat(failed.commit()).isEmpty();
      assertThat(workspace.catalog().environments().head("main").versions()).isEmpty();

      project.table("bad", "SELECT n FROM good");
      RunResult mended = TestRun.of(workspace);
      assertThat(computed(mended)).containsExactly("after_bad", "bad", "far_after_bad");
      assertThat(mended.commit()).isPresent();
    }
  }

  @Test
  void aFailedBuildIsTriedAgainAfterGrowingPauses() {
    project.table("bad", "/*---\nretries: 4\n---*/ SELECT n FROM good");
    AtomicInteger attempts = new AtomicInteger();
    List<Duration> pauses = new ArrayList<>();
    List<Integer> heard = new ArrayList<>();
    try (Workspace workspace = project.open(failing("bad", attempts, 3))) {
      RunResult result =
          new TestRun()
              .pause((duration, cancel) -> pauses.add(duration))
              .listener(
                  event -> {
                    if (event instanceof RunEvent.TaskRetried retried) {
                      heard.add(retried.attempt());
                    }
                  })
              .in(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.PUBLISHED);
    }
    assertThat(attempts).hasValue(4);
    assertThat(heard).containsExactly(1, 2, 3);
    assertThat(pauses).hasSize(3);
    for (int i = 0; i < 3; i++) {
      long full = 1000L << i;
      assertThat(pauses.get(i)).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
    }
  }

  @Test
  void theLastFailureIsTold() {
    project.table("bad", "/*---\nretries: 1\n---*/ SELECT n FROM good");
    AtomicInteger attempts = new AtomicInteger();
    try (Workspace workspace = project.open(failing("bad", attempts, 100))) {
      RunResult result = new TestRun().pause((duration, cancel) -> {}).in(workspace);
      assertThat(task(result, "bad").message()).contains("failure 2");
    }
    assertThat(attempts).hasValue(2);
  }

  @Test
  void aBuildThatTakesTooLongIsStoppedAndTriedAgain() {
    project.table("bad", "/*---\nretries: 1\ntimeout: 1s\n---*/ " + ENDLESS);
    List<String> retried = new ArrayList<>();
    try (Workspace workspace = project.open()) {
      RunResult result =
          new TestRun()
              .pause((duration, cancel) -> {})
              .listener(
                  event -> {
                    if (event instanceof RunEvent.TaskRetried retry) {
                      retried.add(retry.message());
                    }
                  })
              .in(workspace);
      assertThat(task(result, "bad").message()).contains("longer than its timeout of 1s");
      assertThat(task(result, "bad").hint()).isNotEmpty();
      assertThat(retried).hasSize(1);
      assertThat(kinds(result)).containsEntry("after_good", "built");
    }
  }

  @Test
  void waitingForASlotDoesNotCountAsBuilding() {
    for (String name : List.of("one", "other")) {
      healthy().write("tables/" + name + ".sql", "/*---\ntimeout: 3500ms\n---*/ SELECT 1 AS n");
    }
    WatchedEngine.Watcher slow =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWrite(TableName table) {
            Pause.REAL.waitFor(Duration.ofSeconds(2), Cancellation.never());
          }
        };
    try (Workspace workspace = project.open(watched(slow))) {
      RunResult result = new TestRun().select("one", "other").jobs(1).in(workspace);
      assertThat(kinds(result)).containsEntry("one", "built").containsEntry("other", "built");
    }
  }

  @Test
  void waitingForAnotherBuilderDoesNotCountAsBuilding() {
    project.table("bad", "/*---\ntimeout: 2s\n---*/ SELECT n FROM good");
    try (Workspace workspace = project.open()) {
      String fingerprint = fingerprintAfterGood(workspace, "bad");
      boolean taken =
          workspace
              .catalog()
              .leases()
              .tryAcquire(fingerprint, "dead", workspace.clock().instant(), Duration.ofSeconds(4));
      assertThat(taken).isTrue();
      List<TableName> waited = new ArrayList<>();
      RunResult result =
          new TestRun()
              .listener(
                  event -> {
                    if (event instanceof RunEvent.TaskWaiting waiting) {
                      waited.add(waiting.table());
                    }
                  })
              .in(workspace);
      assertThat(waited).hasToString("[bad]");
      assertThat(kinds(result)).containsEntry("bad", "built");
    }
  }

  @Test
  void aCancelledRunKeepsWhatIsFinishedAndPublishesNothing() {
    project.table("bad", ENDLESS.replace("FROM", "FROM good,"));
    Cancellation cancel = new Cancellation();
    try (Workspace workspace = project.open()) {
      RunResult result =
          new TestRun()
              .cancel(cancel)
              .listener(event -> cancelOnceRunning(event, cancel))
              .jobs(1)
              .in(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.CANCELLED);
      assertThat(result.commit()).isEmpty();
      assertThat(kinds(result)).containsEntry("good", "built").containsEntry("bad", "skipped");
      assertThat(task(result, "bad").message()).isEqualTo("cancelled");

      project.table("bad", "SELECT n FROM good");
      assertThat(computed(TestRun.of(workspace))).doesNotContain("good");
    }
  }

  private static void cancelOnceRunning(RunEvent event, Cancellation cancel) {
    if (event instanceof RunEvent.TaskStarted started && started.table().name().equals("bad")) {
      cancel.request("cancelled");
    }
  }

  @Test
  void aRunCancelledDuringARuleEnds() {
    healthy().write("checks/endless.sql", ENDLESS + ", good WHERE good.n < 0");
    Cancellation cancel = new Cancellation();
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeQuery(Query query) {
            cancel.request("cancelled");
          }
        };
    try (Workspace workspace = project.open(watched(watcher))) {
      RunResult result = new TestRun().cancel(cancel).in(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.CANCELLED);
      assertThat(result.commit()).isEmpty();
    }
  }

  @Test
  void aDefectInABuildIsAFailure() {
    healthy();
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWrite(TableName table) {
            if (table.name().equals("after_good")) {
              throw new IllegalStateException("a defect");
            }
          }
        };
    try (Workspace workspace = project.open(watched(watcher))) {
      RunResult result = TestRun.of(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.FAILED);
      assertThat(task(result, "after_good").message()).contains("a defect");
    }
  }

  @Test
  void aDefectInARuleIsAFailure() {
    healthy().write("checks/rule.sql", "SELECT * FROM good, after_good WHERE good.n > 5");
    WatchedEngine.Watcher watcher =
        new WatchedEngine.Watcher() {
          @Override
          public void beforeQuery(Query query) {
            throw new IllegalStateException("a defect");
          }
        };
    try (Workspace workspace = project.open(watched(watcher))) {
      RunResult result = TestRun.of(workspace);
      assertThat(result.state()).isEqualTo(Runs.State.FAILED);
      assertThat(result.commit()).isEmpty();
      assertThat(result.checks().get(0).message()).contains("a defect");
    }
  }

  private TestProject healthy() {
    return project
        .delete("tables/bad.sql")
        .delete("tables/after_bad.sql")
        .delete("tables/far_after_bad.sql");
  }

  private static Parts watched(WatchedEngine.Watcher watcher) {
    return Parts.USUAL.with(new WatchedEngine(Parts.USUAL.engine(), watcher));
  }

  /** An engine that fails the first {@code failures} writes of a table. */
  private static Parts failing(String name, AtomicInteger attempts, int failures) {
    return watched(
        new WatchedEngine.Watcher() {
          @Override
          public void beforeWrite(TableName table) {
            if (table.name().equals(name) && attempts.incrementAndGet() <= failures) {
              throw new QueryException("failure " + attempts.get(), "");
            }
          }
        });
  }

  /** Builds and publishes {@code good}, so that what reads it has a fingerprint that is known. */
  private static String fingerprintAfterGood(Workspace workspace, String table) {
    new TestRun().select("good").in(workspace);
    return new TestRun()
        .plan(workspace).tasks().stream()
            .filter(task -> task.node().name().name().equals(table))
            .findFirst()
            .orElseThrow()
            .resolved()
            .orElseThrow()
            .fingerprint();
  }
}
