package io.headrace.run;

import static io.headrace.faults.TestProject.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.faults.TestProject;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.project.Project;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What following does between its looks at the sources, one edit in each pause. */
class FollowerTest implements Follower.Listener {
  @TempDir Path folder;
  private TestProject project;
  private Optional<Workspace> workspace = Optional.empty();
  private final List<String> told = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private boolean adopts;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/events.yaml", "files: data/*.csv\nincremental: append\n")
            .write("data/0.csv", "k\n1\n")
            .table("total", "SELECT sum(k)::BIGINT AS total FROM events");
  }

  /** Follows, and makes one of the edits in each pause, until there are no more. */
  private void follow(Runnable... edits) {
    Cancellation cancel = new Cancellation();
    Iterator<Runnable> left = List.of(edits).iterator();
    Pause pause =
        (duration, ignored) -> {
          pauses.add(duration);
          if (left.hasNext()) {
            left.next().run();
          } else {
            cancel.request("over");
          }
        };
    try (Workspace opened = project.open()) {
      workspace = Optional.of(opened);
      Project read = opened.readProject();
      new Follower(
              opened,
              read,
              opened.buildGraph(read, Map.of()),
              new SplittableRandom(told.size()),
              pause,
              Duration.ofSeconds(10))
          .follow(FollowerTest::all, this, cancel);
      told.add("total " + value(opened, "SELECT max(total) FROM total"));
    }
  }

  private static RunRequest all(Graph graph) {
    return new RunRequest(
        "main",
        Selection.of(graph, List.of()),
        Set.of(),
        Set.of(),
        1,
        RunRequest.PublishMode.ALL,
        "tester",
        "",
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Override
  public void event(RunEvent event) {}

  @Override
  public void batch(RunResult result, SortedMap<TableName, Long> behind) {
    assertThat(behind).isEmpty();
    told.add(
        result.commit().map(commit -> "commit " + commit).orElse(result.state().toString())
            + result.tasks().stream()
                .filter(task -> task.kind() == TaskOutcome.Kind.BUILT)
                .map(task -> " " + task.table())
                .reduce("", String::concat));
  }

  @Override
  public void failed(HeadraceException failure) {
    told.add("failed: " + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
  }

  @Override
  public Optional<Graph> changed(Project now) {
    told.add("changed");
    return workspace.filter(w -> adopts).map(w -> w.buildGraph(now, Map.of()));
  }

  @Test
  void eachBatchIsACommitAndNothingIsNone() {
    follow(
        () -> {},
        () -> project.write("data/1.csv", "k\n10\n"),
        () -> {},
        () -> project.write("data/2.csv", "k\n100\n").write("data/3.csv", "k\n1000\n"));
    assertThat(told)
        .containsExactly(
            "commit 1 events total",
            "commit 2 events total",
            "commit 3 events total",
            "total 1111");
  }

  @Test
  void goesOnWhereItEnded() {
    follow();
    project.write("data/1.csv", "k\n10\n");
    follow();
    follow();
    assertThat(told)
        .containsExactly(
            "commit 1 events total", "total 1", "commit 2 events total", "total 11", "total 11");
  }

  @Test
  void whatIsBuiltAtEveryRunMakesNoBatch() {
    project.table("seen", "SELECT now() AS seen, total FROM total");
    project.table("later", "SELECT * FROM seen");
    follow(() -> {}, () -> project.write("data/1.csv", "k\n10\n"), () -> {});
    assertThat(told)
        .containsExactly(
            "commit 1 events total seen later", "commit 2 events total seen later", "total 11");
  }

  @Test
  void aBatchThatFailedIsTriedAgainLessAndLessOften() {
    project.table("total", "SELECT sum(k::INTEGER)::BIGINT AS total FROM events");
    project.write(
        "tables/events.yaml", "files: data/*.csv\nincremental: append\ncolumns: {k: VARCHAR}\n");
    follow(
        () -> project.write("data/1.csv", "k\nx\n"),
        () -> {},
        () -> {},
        () -> project.write("data/1.csv", "k\n10\n"),
        () -> {});
    assertThat(told)
        .containsExactly(
            "commit 1 events total",
            "FAILED events",
            "FAILED",
            "FAILED",
            "commit 2 events total",
            "total 11");
    assertThat(pauses.get(3)).isGreaterThan(pauses.get(2)).isGreaterThan(pauses.get(1));
    assertThat(pauses.get(5)).isLessThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void changedCodeIsFollowedOnlyIfSomebodySaysSo() {
    Runnable change = () -> project.table("total", "SELECT -sum(k)::BIGINT AS total FROM events");
    follow(change, () -> {}, () -> project.write("data/1.csv", "k\n10\n"));
    assertThat(told)
        .containsExactly("commit 1 events total", "changed", "commit 2 events total", "total 11");
    told.clear();
    project.table("total", "SELECT sum(k)::BIGINT AS total FROM events");
    adopts = true;
    follow(change, () -> {});
    assertThat(told).containsExactly("changed", "commit 3 total", "total -11");
  }

  @Test
  void mistakesInTheProjectAreToldOnceAndStopNothing() {
    follow(
        () -> project.write("tables/wrong.yaml", "fles: x\n"),
        () -> {},
        () -> project.write("data/1.csv", "k\n10\n"),
        () -> project.delete("tables/wrong.yaml"));
    assertThat(told.get(1)).startsWith("failed: ").contains("tables/wrong.yaml");
    assertThat(told.subList(2, told.size())).containsExactly("commit 2 events total", "total 11");
  }
}
