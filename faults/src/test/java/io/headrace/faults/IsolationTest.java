package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Measurement;
import io.headrace.catalog.Runs;
import io.headrace.check.CheckOutcome;
import io.headrace.engine.process.ProcessEngines;
import io.headrace.faults.TestProject.Parts;
import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.workspace.Apart;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to tasks in processes of their own, and what does not happen to others. */
class IsolationTest {
  private static final String ENGINE = "io.headrace.engine.process.EngineMain";
  private static final String LONG =
      "SELECT sum(hash(a.range + b.range)) AS n FROM range(100_000_000) a, range(9999) b";

  @TempDir Path folder;

  private TestProject project(String settings) {
    return new TestProject(folder.resolve("shop"))
        .write("headrace.yaml", settings)
        .table("light", "SELECT 1 AS n");
  }

  private static Workspace open(TestProject project) {
    return project.open(
        Parts.USUAL.with(Optional.of(new Apart(new ProcessEngines(Parts.USUAL.engine()), false))));
  }

  /** Kills the process of a task as soon as there is one. */
  private static void killEngine(ProcessHandle of) throws InterruptedException {
    for (int look = 0; look < 600; look++) {
      Optional<ProcessHandle> engine =
          of.descendants().filter(process -> command(process).contains(ENGINE)).findFirst();
      if (engine.isPresent()) {
        assertThat(engine.get().destroyForcibly()).isTrue();
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("There is no process of a task");
  }

  /** Java does not tell of a command that is as long as this one. */
  private static String command(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static TaskOutcome heavy(RunResult result) {
    return result.tasks().stream()
        .filter(task -> task.table().toString().equals("heavy"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCrashFailsOneTask() throws Exception {
    TestProject project = project("").table("heavy", "/*---\nisolate: true\n---*/ " + LONG);
    try (Workspace workspace = open(project)) {
      CompletableFuture<RunResult> run =
          CompletableFuture.supplyAsync(() -> new TestRun().publishReady().in(workspace));
      killEngine(ProcessHandle.current());
      RunResult result = run.get(60, TimeUnit.SECONDS);
      assertThat(result.state()).isEqualTo(Runs.State.FAILED);
      TaskOutcome heavy = heavy(result);
      assertThat(heavy.message())
          .isEqualTo("tables/heavy.sql:3:7: the process that computes it ended with code 137");
      assertThat(heavy.hint())
          .isEqualTo("Run again; if it ends like this each time, please report it");
      assertThat(TestProject.value(workspace, "SELECT n FROM light")).isEqualTo(1);
    }
  }

  @Test
  void whatIsCountedInAProcessIsRemembered() {
    TestProject project =
        project("")
            .table(
                "heavy",
                "/*---\nisolate: true\nchecks: [anomalies]\n---*/"
                    + " SELECT nullif(range % 3, 0) AS n FROM range(30)");
    try (Workspace workspace = open(project)) {
      RunResult result = TestRun.of(workspace);
      assertThat(result.checks()).singleElement().matches(CheckOutcome::passed);
      Measurement counted =
          workspace
              .catalog()
              .measurements()
              .find(heavy(result).version().orElseThrow())
              .orElseThrow();
      assertThat(counted.nulls()).isEqualTo(Map.of("n", 10L));
      assertThat(counted.distinctValues()).isEqualTo(Map.of("n", 2L));
    }
  }

  @Test
  void theNextAttemptHasAnotherProcess() throws Exception {
    TestProject project =
        project("defaults: {isolate: true, retries: 1}")
            .table("heavy", "SELECT sum(hash(a.range)) AS n FROM range(10_000_000) a");
    project.write("checks/rule.sql", "SELECT * FROM heavy WHERE n IS NULL");
    List<RunEvent> events = new ArrayList<>();
    try (Workspace workspace = open(project)) {
      CompletableFuture<RunResult> run =
          CompletableFuture.supplyAsync(
              () ->
                  new TestRun()
                      .select("heavy")
                      .listener(events::add)
                      .pause((duration, cancel) -> {})
                      .in(workspace));
      killEngine(ProcessHandle.current());
      RunResult result = run.get(60, TimeUnit.SECONDS);
      assertThat(heavy(result).kind()).isEqualTo(TaskOutcome.Kind.BUILT);
      assertThat(result.checks()).singleElement().matches(CheckOutcome::passed);
    }
    assertThat(events).filteredOn(RunEvent.TaskStarted.class::isInstance).hasSize(1);
    assertThat(events)
        .filteredOn(RunEvent.TaskRetried.class::isInstance)
        .singleElement()
        .asString()
        .contains("ended with code 137");
  }

  @Test
  void aTaskThatNeedsTooMuchMemoryFails() {
    TestProject project =
        project("")
            .table(
                "heavy",
                "/*---\nisolate: 256MB\n---*/ SELECT list(range::VARCHAR) AS n FROM range(100_000_000)");
    try (Workspace workspace = open(project)) {
      RunResult result = new TestRun().publishReady().in(workspace);
      assertThat(heavy(result).message()).contains("failed to allocate");
      assertThat(TestProject.value(workspace, "SELECT n FROM light")).isEqualTo(1);
    }
  }

  @Test
  void aServerOutlivesItsTasks() throws Exception {
    TestProject project = project("schedules: {often: {every: 1s}}").table("heavy", LONG);
    try (Child server =
        ChildJvms.prepared()
            .start(project.root(), "io.headrace.cli.Main", "serve", "--port", "0")) {
      server.await("Serving");
      do {
        killEngine(server.process().toHandle());
      } while (!server.awaits(line -> line.contains("often  failed"), Duration.ofSeconds(1)));
      project.table("heavy", "SELECT 2 AS n");
      server.await("often  published");
      server.signal("TERM");
      assertThat(server.ends(Duration.ofSeconds(30))).isTrue();
    }
    try (Workspace workspace = open(project)) {
      assertThat(TestProject.value(workspace, "SELECT n FROM heavy")).isEqualTo(2);
    }
  }
}
