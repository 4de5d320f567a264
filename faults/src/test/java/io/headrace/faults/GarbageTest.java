package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Catalog;
import io.headrace.error.HeadraceException;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.run.RunEvent;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That garbage goes, and nothing else. */
class GarbageTest {
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;

  @Test
  void whatADeadProcessSpilledIsGarbageAndWhatALiveOneNeedsIsNot() throws Exception {
    TestProject project =
        new TestProject(folder)
            .table(
                "sorted", "SELECT hash(range) AS h, range AS i FROM range(200000000) ORDER BY h");
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER));
        Child child =
            ChildJvms.prepared()
                .start(project.root(), "io.headrace.cli.Main", "run", "--memory", "100MB")) {
      while (spilled(project).isEmpty()) {
        assertThat(child.process().isAlive()).as(child.errors()).isTrue();
        Thread.sleep(20);
      }
      assertThat(new Garbage(workspace).collect(Duration.ZERO, false).files()).isEmpty();
      assertThat(child.process().isAlive()).isTrue();
      assertThat(spilled(project)).isNotEmpty();
      child.kill();
      List<Path> left = spilled(project);
      assertThat(new Garbage(workspace).collect(Duration.ZERO, true).files()).containsAll(left);
      assertThat(spilled(project)).isEqualTo(left);
      Garbage.Found found = new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(found.files()).containsAll(left);
      assertThat(found.bytes()).isPositive();
      assertThat(project.state().resolve("tmp")).isEmptyDirectory();
      assertThat(project.state().resolve("live")).isEmptyDirectory();
    }
  }

  private static List<Path> spilled(TestProject project) throws IOException {
    Path folder = project.state().resolve("tmp");
    return Files.isDirectory(folder)
        ? KillTest.files(folder).stream()
            .filter(file -> !file.toString().endsWith(".alive"))
            .sorted()
            .toList()
        : List.of();
  }

  @Test
  void whatARunOfThisProcessHasMadeIsLeftAlone() {
    TestProject project =
        new TestProject(folder).table("a", "SELECT 1 AS n").table("b", "SELECT n FROM a");
    try (Workspace workspace = project.open();
        Workspace collector = project.open(TestProject.Parts.USUAL)) {
      new TestRun()
          .jobs(1)
          .listener(
              event -> {
                if (event instanceof RunEvent.TaskFinished) {
                  // Twice: looking must not let go of the lock that says that the run is alive.
                  for (int i = 0; i < 2; i++) {
                    var found = new Garbage(collector).collect(Duration.ZERO, false);
                    assertThat(found.files()).isEmpty();
                    assertThat(found.versions()).isEmpty();
                  }
                }
              })
          .in(workspace);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      assertThat(TestProject.value(workspace, "SELECT n FROM b")).isEqualTo(1);
    }
  }

  @Test
  void whatOldRunsLeftGoesAndEstimatesAndHistoryStay() throws IOException {
    TestProject project = new TestProject(folder).table("a", "SELECT 1 AS n");
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      TestRun.of(workspace);
      project.table("a", "SELECT error('no') AS n");
      String failed = TestRun.of(workspace).run();
      project.table("a", "SELECT 2 AS n");
      TestRun.of(workspace);
      Path log = project.state().resolve("runs").resolve(failed).resolve("a.log");
      Files.createDirectories(log.getParent());
      Files.writeString(log, "why");
      Catalog catalog = workspace.catalog();
      var builds = catalog.runs().lastBuilds();
      TableName a = TableName.parse("a");
      String now = catalog.environments().head("main").version(a).orElseThrow();
      Duration all = Duration.ofDays(1);
      assertThat(new Garbage(workspace).collect(all, false).runs()).isEmpty();
      var history = catalog.measurements().history(a, "main", now, 9);
      assertThat(new Garbage(workspace).collect(Duration.ZERO, true).runs()).contains(failed);
      assertThat(log).exists();
      assertThat(catalog.runs().tasks(failed)).hasSize(1);
      // As after a kill between the log and its run.
      Files.delete(log);
      Files.delete(log.getParent());
      catalog.environments().pin(catalog.versions().history("a", 2).get(1).id(), LATER.instant());
      Garbage.Found found = new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(found.runs()).containsExactly(failed);
      assertThat(found.logs()).isZero();
      assertThat(catalog.runs().find(failed)).isEmpty();
      assertThat(catalog.runs().tasks(failed)).isEmpty();
      assertThat(catalog.runs().lastBuilds()).isEqualTo(builds);
      assertThat(catalog.measurements().history(a, "main", now, 9)).isEqualTo(history).hasSize(1);
      assertThat(new Garbage(workspace).collect(Duration.ZERO, false).runs()).isEmpty();
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  @Test
  void aLogThatCannotBeDeletedKeepsItsRunUntilItCan() throws IOException {
    TestProject project = new TestProject(folder).table("a", "SELECT error('no') AS n");
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      String failed = TestRun.of(workspace).run();
      project.table("a", "SELECT 1 AS n");
      TestRun.of(workspace);
      Path logs = project.state().resolve("runs");
      Path aside = folder.resolve("aside");
      Files.createDirectories(logs.resolve(failed));
      Files.move(logs, aside);
      // A file in place of the folder: what is below it cannot even be looked for.
      Files.writeString(logs, "");
      assertThatThrownBy(() -> new Garbage(workspace).collect(Duration.ZERO, false))
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("Cannot delete");
      assertThat(workspace.catalog().runs().find(failed)).isPresent();
      Files.delete(logs);
      Files.move(aside, logs);
      Garbage.Found found = new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(found.runs()).containsExactly(failed);
      assertThat(found.logs()).isEqualTo(1);
      assertThat(logs).isEmptyDirectory();
    }
  }

  @Test
  void aProjectThatIsReachedByTwoNamesIsOne() throws IOException {
    TestProject project = new TestProject(folder.resolve("project")).table("a", "SELECT 1 AS n");
    Files.createSymbolicLink(folder.resolve("link"), project.root());
    TestProject linked = new TestProject(folder.resolve("link"));
    try (Workspace workspace = linked.open()) {
      TestRun.of(workspace);
    }
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      assertThat(new Garbage(workspace).collect(Duration.ZERO, false).files()).isEmpty();
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
      assertThat(TestProject.value(workspace, "SELECT n FROM a")).isEqualTo(1);
    }
  }

  @Test
  void nothingIsCollectedInAProjectThatWasMoved() throws IOException {
    TestProject project = new TestProject(folder.resolve("project")).table("a", "SELECT 1 AS n");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("a", "SELECT 2 AS n");
      TestRun.of(workspace);
    }
    Files.move(project.root(), folder.resolve("moved"));
    Files.createSymbolicLink(project.root(), folder.resolve("elsewhere"));
    TestProject moved = new TestProject(folder.resolve("moved"));
    try (Workspace workspace = moved.open(TestProject.Parts.USUAL.with(LATER))) {
      int files = workspace.tables().allFiles().size();
      assertThatThrownBy(() -> new Garbage(workspace).collect(Duration.ZERO, false))
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("is in another folder");
      assertThat(workspace.tables().allFiles()).hasSize(files);
      assertThat(workspace.catalog().versions().all()).hasSize(2);
    }
  }
}
