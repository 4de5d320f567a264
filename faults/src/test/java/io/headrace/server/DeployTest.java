package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Snapshot;
import io.headrace.engine.Cancellation;
import io.headrace.faults.Seed;
import io.headrace.faults.TestProject;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of a project that are copied into its folder, file by file, while it is run. */
class DeployTest {
  private static final int DEPLOYS = 12;
  private static final int TABLES = 6;
  private static final Duration TOO_SLOW = Duration.ofMillis(300);

  @TempDir Path folder;

  /** States whose copying was held up for so long that nobody can tell. */
  private final Set<Integer> slow = ConcurrentHashMap.newKeySet();

  private void deploy(TestProject project, int state, SplittableRandom random) {
    for (int table = 0; table < TABLES; table++) {
      long began = System.nanoTime();
      String name = "tables/t%d.sql".formatted(table);
      project.write("next", "SELECT %d AS n".formatted(state));
      try {
        Files.move(
            project.root().resolve("next"),
            project.root().resolve(name),
            StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sleep(random.nextInt(60));
      if (System.nanoTime() - began > TOO_SLOW.toNanos()) {
        slow.add(state);
      }
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noRunSeesAMixOfTwoStates() throws Exception {
    Seed seed = new Seed(DeployTest.class);
    SplittableRandom random = seed.random(1);
    TestProject project = new TestProject(folder.resolve("shop"));
    deploy(project, 0, random);
    try (Serving serving = Serving.withoutSchedules(project)) {
      AtomicBoolean isOver = new AtomicBoolean();
      Thread deployer =
          new Thread(
              () -> {
                for (int state = 1; state <= DEPLOYS; state++) {
                  deploy(project, state, random);
                  sleep(random.nextInt(1_500));
                }
                isOver.set(true);
              });
      deployer.start();
      int runs = 0;
      while (!isOver.get()) {
        OngoingRun run = serving.project().run(Order.of("ada"), Cancellation.never());
        assertThat(run.failure()).as(seed.toString()).isEmpty();
        runs++;
        sleep(20);
      }
      deployer.join();
      serving.project().run(Order.of("ada"), Cancellation.never());
      String sql =
          "SELECT count(DISTINCT n), max(n) FROM (SELECT n FROM t0 UNION ALL SELECT n FROM t1"
              + " UNION ALL SELECT n FROM t2 UNION ALL SELECT n FROM t3 UNION ALL"
              + " SELECT n FROM t4 UNION ALL SELECT n FROM t5)";
      List<Commit> commits =
          serving.workspace().catalog().environments().log("main", Integer.MAX_VALUE);
      for (Commit commit : commits) {
        Snapshot snapshot = serving.workspace().catalog().environments().at(commit.id());
        List<Object> states = TestProject.query(serving.workspace(), snapshot, sql).get(0);
        assertThat(states.get(0).equals(1L) || slow.contains((Integer) states.get(1)))
            .as("%s %s %s", states, commit, seed)
            .isTrue();
      }
      assertThat(TestProject.query(serving.workspace(), "main", sql).get(0).get(1))
          .isEqualTo(DEPLOYS);
      System.out.printf("%d deploys, %d runs, %d commits%n", DEPLOYS, runs, commits.size());
    }
  }
}
