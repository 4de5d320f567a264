package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Publication;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.Look;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Runs.State;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.table.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Runs} must do. */
abstract class RunsContract extends CatalogContract {

  private static Run run(String id, int minute, State state, Optional<Long> commit) {
    Optional<Instant> end =
        state == State.RUNNING ? Optional.empty() : Optional.of(minute(minute + 2));
    return new Run(id, "main", minute(minute), state, commit, "because", end);
  }

  private static TaskRun task(TableName table, String outcome, long rows) {
    return new TaskRun(
        table, outcome, Duration.ofMillis(1500), rows, 7, outcome.equals("failed") ? "why" : "");
  }

  @Test
  void runsAreListedNewestFirst() {
    catalog.runs().start(run("r1", 0, State.RUNNING, Optional.empty()));
    catalog.runs().start(run("r2", 1, State.RUNNING, Optional.empty()));
    catalog.runs().finish("r1", State.PUBLISHED, Optional.of(4L), minute(2));
    assertThat(reopen().runs().list(10))
        .containsExactly(
            run("r2", 1, State.RUNNING, Optional.empty()),
            run("r1", 0, State.PUBLISHED, Optional.of(4L)));
    assertThat(catalog.runs().list(1)).hasSize(1);
    assertThat(catalog.runs().find("r1")).contains(run("r1", 0, State.PUBLISHED, Optional.of(4L)));
    assertThat(catalog.runs().find("r3")).isEmpty();
  }

  @Test
  void theCommitOfACauseIsFound() {
    catalog.runs().start(new Run("r", "main", T0, "because"));
    assertThat(catalog.runs().committed("because")).isEmpty();
    record(T0, Map.of("a1", A));
    long commit = publish(0, "a", null, "a1");
    assertThat(catalog.runs().committed("because")).contains(commit);
    assertThat(catalog.runs().committed("")).isEmpty();
  }

  @Test
  void tasksOfARunAreKept() {
    TaskRun a = task(A, "built", 5);
    TaskRun b = task(B, "failed", 0);
    catalog.runs().recordTasks("r1", List.of(b));
    catalog.runs().recordTasks("r1", List.of(a));
    catalog.runs().recordTasks("r2", List.of(task(A, "reused", 5)));
    assertThat(reopen().runs().tasks("r1")).containsExactly(a, b);
    assertThat(catalog.runs().tasks("none")).isEmpty();
  }

  @Test
  void aTaskMayBeRecordedAgain() {
    catalog.runs().recordTasks("r1", List.of(task(A, "failed", 0)));
    catalog.runs().recordTasks("r1", List.of(task(A, "built", 3)));
    assertThat(catalog.runs().tasks("r1")).containsExactly(task(A, "built", 3));
  }

  @Test
  void theLastBuildOfEachTableIsKnown() {
    catalog.runs().recordTasks("r1", List.of(task(A, "built", 1), task(B, "built", 1)));
    catalog.runs().recordTasks("r2", List.of(task(A, "built", 2), task(B, "failed", 0)));
    catalog.runs().recordTasks("r3", List.of(task(A, "reused", 9)));
    assertThat(reopen().runs().lastBuilds())
        .isEqualTo(Map.of(A, task(A, "built", 2), B, task(B, "built", 1)));
  }

  private void over(String id, int minute, State state) {
    catalog.runs().start(new Run(id, "main", minute(minute), "because " + id));
    catalog.runs().recordTasks(id, List.of(task(A, "failed", 0)));
    if (state != State.RUNNING) {
      catalog.runs().finish(id, state, Optional.empty(), minute(minute));
    }
  }

  @Test
  void runsThatNothingNamesGetOld() {
    over("r1", 0, State.FAILED);
    over("r2", 1, State.RUNNING);
    over("r3", 2, State.UNCHANGED);
    over("newest", 3, State.FAILED);
    assertThat(catalog.runs().old(minute(1), minute(9))).containsExactly("r1");
    assertThat(catalog.runs().old(minute(9), minute(9))).containsExactly("r1", "r2", "r3");
    catalog.runs().heartbeat("r2", minute(8));
    assertThat(catalog.runs().old(minute(9), minute(9))).containsExactly("r1", "r3");
    catalog.runs().forget(List.of("r1", "r3"));
    assertThat(reopen().runs().list(9)).extracting(Run::id).containsExactly("newest", "r2");
    assertThat(catalog.runs().tasks("r1")).isEmpty();
    assertThat(catalog.runs().tasks("r2")).hasSize(1);
    assertThat(catalog.runs().old(minute(9), minute(9))).isEmpty();
  }

  @Test
  void aRunThatAVersionOrAKeptCommitNamesIsNotOld() {
    over("r", 0, State.PUBLISHED);
    record(T0, Map.of("a1", A, "b1", B));
    publish(1, "a", null, "a1");
    over("newest", 9, State.FAILED);
    assertThat(catalog.runs().old(minute(9), minute(9))).isEmpty();
    publish(2, "a", "a1", null);
    assertThat(catalog.versions().collect(minute(2), minute(9), false)).hasSize(2);
    assertThat(catalog.runs().old(minute(9), minute(9))).isEmpty();
  }

  @Test
  void ofARunWhoseCommitIsOldItStaysKnownWhatAskedForIt() {
    over("r", 0, State.PUBLISHED);
    record(T0, Map.of("a1", A));
    long commit = publish(1, "a", null, "a1");
    Publication by = publication("main", minute(2), "a", "a1", null);
    catalog
        .environments()
        .publish(
            new Publication(
                "main",
                "ada",
                "",
                Optional.empty(),
                by.at(),
                by.expected(),
                by.changes(),
                Optional.empty()));
    over("newest", 9, State.FAILED);
    assertThat(catalog.versions().collect(minute(3), minute(9), false)).hasSize(1);
    assertThat(catalog.runs().old(minute(1), minute(9))).isEmpty();
    assertThat(catalog.runs().old(minute(3), minute(9))).containsExactly("r");
    catalog.runs().forget(List.of("r"));
    assertThat(catalog.runs().tasks("r")).isEmpty();
    assertThat(catalog.runs().committed("because r")).contains(commit);
    assertThat(catalog.runs().old(minute(3), minute(9))).isEmpty();
  }

  @Test
  void aLongRunIsForgottenWhole() {
    over("long", 0, State.FAILED);
    over("next", 1, State.FAILED);
    catalog
        .runs()
        .recordTasks(
            "long",
            IntStream.range(0, 4_999)
                .mapToObj(i -> task(TableName.parse("t" + i), "built", i))
                .toList());
    catalog.runs().forget(List.of("long", "next"));
    assertThat(catalog.runs().tasks("long")).isEmpty();
    assertThat(catalog.runs().list(9)).isEmpty();
    assertThat(catalog.runs().lastBuilds()).hasSize(4_999);
  }

  private Optional<Instant> lastLook(TableName table, String except) {
    return reopen().runs().lastLook("main", table, except);
  }

  @Test
  void whoLookedAtATableLastIsKnown() {
    assertThat(lastLook(A, "")).isEmpty();
    catalog.runs().looked(new Look("main", Set.of(A, C), "schedule s", minute(3)));
    catalog.runs().looked(new Look("main", Set.of(A, C), "schedule s", minute(2)));
    assertThat(lastLook(A, "")).contains(minute(3));
    assertThat(lastLook(C, "")).contains(minute(3));
    assertThat(lastLook(B, "")).isEmpty();
    assertThat(lastLook(TableName.parse("c"), "")).isEmpty();
    assertThat(lastLook(A, "schedule s")).isEmpty();
    catalog.runs().looked(new Look("main", Set.of(), "", minute(1)));
    assertThat(lastLook(B, "")).contains(minute(1));
    assertThat(lastLook(A, "schedule s")).contains(minute(1));
    catalog.runs().looked(new Look("dev", Set.of(), "", minute(9)));
    assertThat(lastLook(A, "")).contains(minute(3));
  }

  @Test
  void whatWasLookedAtGoesWithItsEnvironment() {
    catalog.environments().create("dev", Optional.empty(), T0);
    catalog.runs().looked(new Look("dev", Set.of(), "", minute(9)));
    catalog.environments().delete("dev");
    assertThat(catalog.runs().lastLook("dev", A, "")).isEmpty();
  }
}
