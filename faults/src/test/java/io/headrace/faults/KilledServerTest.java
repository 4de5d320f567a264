package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Tick;
import io.headrace.maintain.Doctor;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} and long pauses of servers that keep one schedule together: each tick was run
 * once, or is counted as missed.
 *
 * <p>{@code -Dheadrace.kills=1000} kills a hundred times.
 */
class KilledServerTest {
  private static final int KILLS = Math.max(4, Integer.getInteger("headrace.kills", 40) / 10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int MOST_LOOKS = 600;
  private static final int LOOK_MILLIS = 100;
  private static final String PUBLISHED = "often  published";

  @TempDir Path folder;

  @Test
  void eachTickIsRunOnceOrCountedAsMissed() throws Exception {
    Seed seed = new Seed(KilledServerTest.class);
    TestProject project =
        new TestProject(folder.resolve("shop"))
            .write("headrace.yaml", "schedules: {often: {every: 1s}}");
    edit(project, 0);
    try (Child zombie = start(project)) {
      zombie.await(PUBLISHED);
      for (int i = 1; i <= KILLS; i++) {
        SplittableRandom random = seed.random(i);
        boolean isPaused = i == 2;
        if (isPaused) {
          zombie.signal("STOP");
        }
        try (Child server = start(project)) {
          server.await("Serving");
          edit(project, i);
          Thread.sleep(1_000 + random.nextLong(3_000));
          server.kill();
        }
        if (i == 3) {
          zombie.signal("CONT");
        }
      }
      edit(project, KILLS + 1);
      zombie.signal("CONT");
      awaitLast(project);
      zombie.signal("TERM");
      zombie.ends(Duration.ofSeconds(30));
    }
    try (Child last = start(project)) {
      last.await("often  ");
      last.signal("TERM");
      last.ends(Duration.ofSeconds(30));
    }
    try (Workspace workspace = project.open()) {
      assertThat(TestProject.value(workspace, "SELECT n FROM t")).isEqualTo(KILLS + 1);
      assertThat(new Doctor(workspace).examine().problems()).as(seed.toString()).isEmpty();
      examine(workspace.catalog(), seed.toString());
    }
  }

  /** A lease of the dead runs out first. */
  private static void awaitLast(TestProject project) throws InterruptedException {
    try (Workspace workspace = project.open()) {
      for (int look = 0; look < MOST_LOOKS; look++) {
        if (TestProject.value(workspace, "SELECT n FROM t").equals(KILLS + 1)) {
          return;
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }
    throw new AssertionError("Nobody published what was edited last");
  }

  private static void examine(Catalog catalog, String where) {
    List<Tick> ticks =
        new ArrayList<>(catalog.schedules().ticks(Optional.of("often"), Integer.MAX_VALUE));
    Collections.reverse(ticks);
    for (int i = 1; i < ticks.size(); i++) {
      Tick tick = ticks.get(i);
      Duration gap = SECOND.multipliedBy(tick.missed() + 1);
      assertThat(tick.due()).as("%s %s", tick, where).isEqualTo(ticks.get(i - 1).due().plus(gap));
    }
    Map<String, Integer> commits = new HashMap<>();
    for (Commit commit : catalog.environments().log("main", Integer.MAX_VALUE)) {
      Runs.Run run = catalog.runs().find(commit.run().orElseThrow()).orElseThrow();
      commits.merge(run.cause(), 1, Integer::sum);
    }
    assertThat(commits.values()).as(where).containsOnly(1);
    for (Tick tick : ticks) {
      boolean isPublished = tick.state() == Tick.State.PUBLISHED;
      assertThat(commits.containsKey(tick.cause())).as("%s %s", tick, where).isEqualTo(isPublished);
      assertThat(tick.state())
          .as("%s %s", tick, where)
          .isIn(Tick.State.PUBLISHED, Tick.State.UNCHANGED, Tick.State.RUNNING);
    }
    long open = ticks.stream().filter(tick -> tick.state() == Tick.State.RUNNING).count();
    assertThat(open).as(where).isLessThanOrEqualTo(1);
    System.out.printf(
        "%d kills: %d ticks, %d missed, %d commits%n",
        KILLS, ticks.size(), ticks.stream().mapToLong(Tick::missed).sum(), commits.size());
  }

  private static void edit(TestProject project, int number) {
    project.table("t", "SELECT %d AS n".formatted(number));
  }

  private static Child start(TestProject project) {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "serve", "--port", "0", "--memory", "200MB");
  }
}
