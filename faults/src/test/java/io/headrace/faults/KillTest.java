package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Version;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of runs, while others read.
 *
 * <p>{@code -Dheadrace.kills=1000} kills a thousand times.
 */
@Order(2)
class KillTest {
  private static final int KILLS = Integer.getInteger("headrace.kills", 40);

  /** Later than that the leases of a dead process are free and it counts as dead. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;

  @Test
  void aKilledRunCostsWhatWasNotFinishedAndNothingElse() throws Exception {
    Seed seed = new Seed(KillTest.class);
    TestProject project = TwentyTables.in(new TestProject(folder));
    TwentyTables.edit(project, 0);
    Duration start = run(project, 0);
    Duration usual = run(project, 1);
    int finished = 0;
    int unpublished = 0;
    try (Workspace readers = project.open();
        SteadyReader reader = new SteadyReader(readers, seed.random(-1))) {
      for (int i = 0; i < KILLS; i++) {
        int number = i + 2;
        Set<String> before = versions(readers);
        TwentyTables.edit(project, number);
        killDuringRun(project, seed.random(i), start, usual);
        Set<String> kept = versions(readers);
        kept.removeAll(before);
        try (Workspace next = project.open(TestProject.Parts.USUAL.with(LATER))) {
          String where = "kill %d, %s".formatted(i, seed);
          boolean published = reader.newest() == number;
          assertThat(new Doctor(next).examine().problems()).as(where).isEmpty();
          RunResult result = TestRun.of(next);
          assertThat(result.isGood()).as(where).isTrue();
          assertThat(result.tasks(Kind.BUILT)).as(where).hasSize(TwentyTables.TABLES - kept.size());
          assertThat(TestProject.query(next, "main", TwentyTables.numbers(TwentyTables.all())))
              .as(where)
              .hasToString("[[%d, %d]]".formatted(number, number));
          reader.pauseWhile(() -> assertNothingIsLeft(next, where));
          finished += kept.size();
          unpublished += published ? 0 : 1;
        }
      }
      reader.check();
      System.out.printf(
          "%d kills: %d before publishing, %d finished tables kept; %d reads of one commit each%n",
          KILLS, unpublished, finished, reader.reads());
      assertThat(unpublished).isPositive();
      assertThat(finished).isPositive();
    }
  }

  /** The catalog is made by then, or half made. */
  @Test
  void aFirstRunMayDieToo() throws Exception {
    Seed seed = new Seed(KillTest.class);
    for (int i = 0; i < KILLS / 10; i++) {
      TestProject project =
          new TestProject(folder.resolve("first" + i)).table("a", "SELECT 1 AS n");
      try (Child child = startRun(project)) {
        Thread.sleep(seed.random(i).nextLong(900));
        child.kill();
      }
      try (Workspace next = project.open(TestProject.Parts.USUAL.with(LATER))) {
        assertThat(TestRun.of(next).isGood()).as("kill %d, %s", i, seed).isTrue();
        assertThat(TestProject.value(next, "SELECT n FROM a")).isEqualTo(1);
        assertThat(new Doctor(next).examine().problems()).isEmpty();
      }
    }
  }

  private static Set<String> versions(Workspace workspace) {
    return workspace.catalog().versions().all().stream()
        .map(Version::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private Child startRun(TestProject project) {
    return ChildJvms.prepared()
        .start(
            project.root(),
            "io.headrace.cli.Main",
            "run",
            "--json",
            "-j",
            "2",
            "--memory",
            "200MB");
  }

  /** Runs to the end and returns how long it took from the plan on. */
  private Duration run(TestProject project, int number) {
    TwentyTables.edit(project, number);
    try (Child child = startRun(project)) {
      child.await("\"started\"");
      long began = System.nanoTime();
      assertThat(child.finish()).as(child.errors()).isZero();
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }

  /** Kills a run at a random moment: most often between its plan and its end. */
  private void killDuringRun(
      TestProject project, SplittableRandom random, Duration start, Duration usual)
      throws InterruptedException {
    try (Child child = startRun(project)) {
      boolean early = random.nextInt(8) == 0;
      if (!early) {
        child.await("\"started\"");
      }
      long most = (early ? start : usual).toMillis();
      Thread.sleep(random.nextLong(most + 1));
      child.kill();
    }
  }

  private static void assertNothingIsLeft(Workspace workspace, String where) {
    new Garbage(workspace).collect(Duration.ZERO, false);
    Set<Path> needed = new HashSet<>();
    workspace
        .catalog()
        .versions()
        .all()
        .forEach(v -> needed.addAll(workspace.tables().reachableFiles(v.metadataLocation())));
    assertThat(workspace.catalog().versions().all()).as(where).hasSize(TwentyTables.TABLES);
    assertThat(workspace.tables().allFiles()).as(where).isEqualTo(needed);
    assertThat(new Doctor(workspace).examine().problems()).as(where).isEmpty();
    assertThat(files(workspace.stateFolder().resolve("live"))).as(where).isEmpty();
    // One claim of this process, and one of the readers'.
    assertThat(files(workspace.stateFolder().resolve("tmp"))).as(where).hasSizeLessThan(3);
  }

  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
