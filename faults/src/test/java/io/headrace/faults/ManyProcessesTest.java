package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Snapshot;
import io.headrace.engine.Cancellation;
import io.headrace.maintain.Doctor;
import io.headrace.run.RunEvent;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that share one state, each with a working copy of its own.
 *
 * <p>{@code -Dheadrace.publishers=8} and {@code -Dheadrace.commits=200} say how many.
 */
class ManyProcessesTest {
  private static final int PUBLISHERS = Integer.getInteger("headrace.publishers", 8);
  private static final int COMMITS = Integer.getInteger("headrace.commits", 200);
  private static final String EVERYTHING =
      IntStream.range(0, Publisher.TOTALS)
          .mapToObj(i -> "SELECT n FROM total" + i)
          .collect(
              Collectors.joining(" UNION ALL ", "SELECT sum(n)::BIGINT FROM (", ") AS totals"));
  private static final String SLOW =
      "SELECT sum(hash(a.range * b.range) %% 10) AS n FROM range(%d) AS a, range(1000) AS b";

  @TempDir Path folder;

  /** A working copy whose state is that of the first one. */
  private TestProject copy(int number) throws IOException {
    TestProject project = new TestProject(folder.resolve("copy" + number));
    Path state = Files.createDirectories(folder.resolve("state"));
    Files.createSymbolicLink(project.state(), state);
    return project;
  }

  @Test
  void publishersLoseNoUpdate() throws IOException {
    int each = COMMITS / PUBLISHERS;
    List<TestProject> copies = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      copies.add(copyOfTotal(i));
    }
    try (Workspace workspace = copies.get(0).open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      List<Child> children = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        children.add(start(copies.get(i), i, each));
      }
      List<Long> acknowledged = new ArrayList<>();
      int conflicts = 0;
      for (Child child : children) {
        assertThat(child.finish()).as(child.errors()).isZero();
        for (String line : child.lines()) {
          if (line.startsWith("acknowledged ")) {
            acknowledged.add(Long.parseLong(line.substring(13)));
          } else {
            conflicts += Integer.parseInt(line.replace("conflicts ", ""));
          }
        }
        child.close();
      }
      System.out.printf("%d commits, %d conflicts%n", acknowledged.size(), conflicts);
      assertThat(conflicts).isPositive();
      assertLogIs(workspace, acknowledged, each);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  private TestProject copyOfTotal(int number) throws IOException {
    TestProject project = copy(number);
    for (int total = 0; total < Publisher.TOTALS; total++) {
      StringBuilder sql = new StringBuilder("SELECT sum(n)::BIGINT AS n FROM (SELECT 0 AS n");
      for (int i = total; i < PUBLISHERS; i += Publisher.TOTALS) {
        project.write("tables/own%d.csv".formatted(i), "n\n0\n");
        sql.append(" UNION ALL SELECT n FROM own").append(i);
      }
      project.table("total" + total, sql + ") AS every");
    }
    return project;
  }

  private static Child start(TestProject project, int number, int commits) {
    return ChildJvms.prepared()
        .start(
            project.root(),
            Publisher.class.getName(),
            project.root().toString(),
            String.valueOf(number),
            String.valueOf(commits));
  }

  /** Each commit adds one to one table, and so to the totals, whatever else goes on. */
  private static void assertLogIs(Workspace workspace, List<Long> acknowledged, int each) {
    Environments environments = workspace.catalog().environments();
    List<Commit> log = environments.log("main", Integer.MAX_VALUE);
    assertThat(log.stream().limit(log.size() - 1L).map(Commit::id))
        .containsExactlyInAnyOrderElementsOf(acknowledged);
    for (int i = 0; i < log.size(); i++) {
      int expected = log.size() - 1 - i;
      Commit commit = log.get(i);
      if (expected > 0) {
        assertThat(environments.changes(commit.id())).as(commit.toString()).hasSize(2);
      }
      if (i % 10 == 0) {
        Snapshot snapshot = environments.at(commit.id());
        assertThat(TestProject.query(workspace, snapshot, EVERYTHING))
            .hasToString("[[%d]]".formatted(expected));
      }
    }
    for (int i = 0; i < PUBLISHERS; i++) {
      assertThat(TestProject.value(workspace, "SELECT n FROM own" + i).toString())
          .isEqualTo(String.valueOf(each));
    }
  }

  @Test
  void oneProcessBuildsWhatSeveralWant() throws IOException {
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      TestProject project = copy(i).table("slow", SLOW.formatted(300_000));
      children.add(startRun(project));
    }
    int builds = 0;
    int shared = 0;
    for (Child child : children) {
      assertThat(child.finish()).as(child.errors()).isZero();
      builds += child.output().contains("\"task_started\"") ? 1 : 0;
      shared += child.output().contains("\"task_waiting\"") ? 1 : 0;
      child.close();
    }
    assertThat(builds).isEqualTo(1);
    assertThat(shared).isPositive();
  }

  private static Child startRun(TestProject project) {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "run", "--json", "--memory", "200MB");
  }

  @Test
  void whatADeadProcessWasBuildingIsTakenOverWithinFifteenSeconds() {
    TestProject project =
        new TestProject(folder.resolve("dead")).table("slow", SLOW.formatted(1_000_000_000));
    try (Child child = startRun(project)) {
      child.await("\"task_started\"");
    }
    long died = System.nanoTime();
    AtomicLong taken = new AtomicLong();
    Cancellation cancel = new Cancellation();
    try (Workspace workspace = project.open()) {
      new TestRun()
          .cancel(cancel)
          .listener(
              event -> {
                if (event instanceof RunEvent.TaskStarted) {
                  taken.set(System.nanoTime());
                  cancel.request("seen enough");
                }
              })
          .in(workspace);
    }
    assertThat(Duration.ofNanos(taken.get() - died))
        .isBetween(Duration.ZERO, Duration.ofSeconds(15));
  }
}
