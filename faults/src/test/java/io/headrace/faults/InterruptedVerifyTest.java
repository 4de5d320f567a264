package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code headrace verify} that does not come to its end. */
class InterruptedVerifyTest {
  private static final Duration FEW_SECONDS = Duration.ofSeconds(8);

  @TempDir Path folder;
  private TestProject project;

  /** A table that was built in no time, and takes for ever to build again. */
  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/few.csv", "n\n1\n2\n")
            .table("pairs", "SELECT sum(hash(a.n * b.n)) AS n FROM few AS a, few AS b");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    Tampering.overwrite(project, "few", "SELECT range AS n FROM range(3000000)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void askedToStopItLeavesNothing(String signal) throws Exception {
    try (Child child = startVerify()) {
      awaitComputing(child);
      assumeThat(InterruptTest.ignores(child.process().pid(), signal)).isFalse();
      child.signal(signal);
      assertThat(child.ends(FEW_SECONDS)).isTrue();
      assertThat(child.finish()).isNotZero();
      assertThat(child.errors())
          .contains("Cancelled: 0 of 1 table verified, and nothing was changed")
          .doesNotContain("Exception");
    }
    assertThat(project.state().resolve("tmp")).isEmptyDirectory();
    assertNothingChanged();
  }

  @Test
  void whatAKilledOneLeavesIsGarbage() throws Exception {
    try (Child child = startVerify()) {
      awaitComputing(child);
      child.kill();
    }
    assertThat(project.state().resolve("tmp")).isNotEmptyDirectory();
    assertNothingChanged();
    assertThat(project.state().resolve("tmp")).isEmptyDirectory();
  }

  private Child startVerify() {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "verify", "pairs", "--memory", "200MB");
  }

  private void assertNothingChanged() {
    try (Workspace workspace = project.open()) {
      new Garbage(workspace).collect(Duration.ofDays(1), false);
      assertThat(workspace.catalog().versions().all()).hasSize(2);
      assertThat(workspace.catalog().environments().head("main").commit()).isEqualTo(1);
      assertThat(workspace.tables().allFiles()).hasSize(8);
      assertThat(new Doctor(workspace).examine().versions()).isEqualTo(2);
    }
  }

  /** Waits for the folder of the rebuild, which is made just before the query runs. */
  private void awaitComputing(Child child) throws InterruptedException, IOException {
    while (!hasFolder(project.state().resolve("tmp"))) {
      assertThat(child.process().isAlive()).as(child.errors()).isTrue();
      Thread.sleep(20);
    }
    Thread.sleep(500);
  }

  private static boolean hasFolder(Path temporary) throws IOException {
    if (!Files.isDirectory(temporary)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(temporary)) {
      return entries.anyMatch(Files::isDirectory);
    }
  }
}
