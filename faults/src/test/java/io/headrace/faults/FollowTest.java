package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headrace.maintain.Doctor;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headrace run --follow} as a process, with files that arrive while it runs. */
class FollowTest {
  private static final int KILLS = Math.max(5, Integer.getInteger("headrace.kills", 40) / 8);
  private static final Duration FEW_SECONDS = Duration.ofSeconds(10);

  /** Later than that the leases of a dead process are free and it counts as dead. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;
  private TestProject project;
  private int rows;

  @BeforeEach
  void makeProject() throws IOException {
    project =
        new TestProject(folder.resolve("project"))
            .write("tables/events.yaml", "files: data/*.csv\nincremental: append\n")
            .table(
                "doubled",
                "/*---\nincremental: {append: events}\n---*/ SELECT k, k * 2 AS d FROM events");
    Files.createDirectories(project.root().resolve("data"));
    arrive(1);
  }

  /** A file with so many rows arrives, at once. */
  private void arrive(int count) throws IOException {
    StringBuilder text = new StringBuilder("k\n");
    for (int i = 0; i < count; i++) {
      text.append(rows++).append('\n');
    }
    Path hidden = folder.resolve("arriving.csv");
    Files.writeString(hidden, text);
    Files.move(
        hidden,
        project.root().resolve("data/%06d.csv".formatted(rows)),
        StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void publishesWhatArrivesAndKeepsTheCodeThatItBeganWith() throws Exception {
    try (Child child = ChildJvms.following(project)) {
      child.await("commit 1 ");
      arrive(3);
      child.await("commit 2 ");
      project.table(
          "doubled",
          "/*---\nincremental: {append: events}\n---*/ SELECT k, k * 3 AS d FROM events");
      while (!child.errors().contains("It is followed as it was")) {
        assertThat(child.process().isAlive()).as(child.errors()).isTrue();
        Thread.sleep(20);
      }
      assertThat(child.errors()).contains("tables/doubled.sql changed");
      arrive(2);
      child.await("commit 3 ");
      assertThat(child.output()).contains("+3 rows").contains("+2 rows");
      assumeThat(InterruptTest.ignores(child.process().pid(), "TERM")).isFalse();
      child.process().destroy();
      assertThat(child.ends(FEW_SECONDS)).isTrue();
      assertThat(child.errors()).doesNotContain("Exception");
    }
    try (Workspace workspace = project.open()) {
      assertThat(TestProject.value(workspace, "SELECT sum(d) = 2 * sum(k) FROM doubled"))
          .isEqualTo(true);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  @Test
  void tellsAFailureOnceAndThenThatItGoesOn() throws Exception {
    try (Child child = ChildJvms.following(project)) {
      child.await("commit 1 ");
      Path broken = project.root().resolve("data/999999.csv");
      Files.writeString(broken, "k\nmany\n");
      while (!child.errors().contains("failed again events")) {
        assertThat(child.process().isAlive()).as(child.errors()).isTrue();
        Thread.sleep(20);
      }
      assertThat(child.errors()).containsOnlyOnce("error: ");
      Files.delete(broken);
      arrive(3);
      child.await("commit 2 ");
      assertThat(child.output()).contains("+3 rows");
    }
  }

  @Test
  void everyRowIsThereOnceHoweverOftenItIsKilled() throws Exception {
    Seed seed = new Seed(FollowTest.class);
    SplittableRandom random = seed.random(0);
    for (int i = 0; i < KILLS; i++) {
      try (Child child = ChildJvms.following(project)) {
        arrive(1 + random.nextInt(5));
        child.await("commit ");
        for (int n = random.nextInt(4); n > 0; n--) {
          arrive(1 + random.nextInt(5));
          Thread.sleep(random.nextLong(100));
        }
        child.kill();
      }
    }
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      TestRun.of(workspace);
      assertThat(
              TestProject.query(
                      workspace,
                      "main",
                      "SELECT count(*), count(DISTINCT k), sum(d)::BIGINT FROM doubled")
                  .toString())
          .as(seed.toString())
          .isEqualTo("[[%d, %d, %d]]".formatted(rows, rows, (long) rows * (rows - 1)));
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }
}
