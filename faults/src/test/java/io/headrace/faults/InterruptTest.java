package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headrace.maintain.Doctor;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C, and what a service manager sends. */
class InterruptTest {
  private static final Duration FEW_SECONDS = Duration.ofSeconds(8);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aRunThatIsAskedToStopDoesAndKeepsWhatIsFinished(String signal) throws Exception {
    TestProject project =
        new TestProject(folder)
            .table("quick", "SELECT 1 AS n")
            .table(
                "endless",
                "SELECT sum(hash(a.range * b.range)) AS n FROM quick, range(1000000) AS a, range(1000000) AS b");
    try (Child child =
        ChildJvms.prepared()
            .start(project.root(), "io.headrace.cli.Main", "run", "--memory", "200MB")) {
      awaitBuilding(project, child, "endless");
      assumeThat(ignores(child.process().pid(), signal)).isFalse();
      child.signal(signal);
      assertThat(child.ends(FEW_SECONDS)).isTrue();
      assertThat(child.finish()).isNotZero();
      assertThat(child.output()).contains("Cancelled: nothing was published");
      assertThat(child.errors()).contains("What was built is kept").doesNotContain("Exception");
    }
    project.table("endless", "SELECT n FROM quick");
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(later))) {
      assertThat(workspace.catalog().environments().head("main").versions()).isEmpty();
      assertThat(KillTest.files(project.warehouse().resolve("endless"))).isEmpty();
      assertThat(KillTest.files(project.state().resolve("tmp"))).isEmpty();
      assertThat(TestRun.computed(TestRun.of(workspace))).containsExactly("endless");
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  /** Waits for the task's log, which is written when its build begins. */
  private static void awaitBuilding(TestProject project, Child child, String table)
      throws InterruptedException {
    Path runs = project.state().resolve("runs");
    while (!Files.isDirectory(runs)
        || KillTest.files(runs).stream().noneMatch(file -> file.endsWith(table + ".log"))) {
      assertThat(child.process().isAlive()).as(child.errors()).isTrue();
      Thread.sleep(20);
    }
    Thread.sleep(300);
  }

  /** Whether the process was started by one that ignores the signal, which is inherited. */
  static boolean ignores(long pid, String signal) throws IOException {
    int bit = signal.equals("INT") ? 1 : 14;
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(mask -> (mask >>> bit & 1) == 1);
  }
}
