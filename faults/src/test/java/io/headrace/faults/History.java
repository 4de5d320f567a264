package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.faults.Histories.Edit;
import io.headrace.faults.Histories.Subject;
import io.headrace.maintain.Garbage;
import io.headrace.publish.Promotion;
import io.headrace.publish.Rollback;
import io.headrace.rewrite.Compactor;
import io.headrace.run.Backfill;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One of {@link Histories}: edits, what happens around them, and what must be true after each. Each
 * step has random choices of its own, so that what became of one does not change the next.
 */
final class History implements AutoCloseable {
  private static final String MAIN = "main";

  /** A run that had nothing to do says nothing of the next. */
  private static final int LEAST_OPERATIONS = 40;

  private final Subject subject;
  private final KillableProject project;
  private final Path emptyCatalog;
  private final Tally tally;
  private final String where;
  private final SplittableRandom steps;
  private final Set<String> refresh = new TreeSet<>();
  private final Set<String> everRefreshed = new TreeSet<>();

  private SplittableRandom random;
  private StringBuilder story = new StringBuilder();
  private Optional<Map<String, String>> rebuilt = Optional.empty();
  private Set<String> finishedByTheDead = Set.of();
  private int operations;
  private int sandboxes;
  private boolean isCollected;

  /** A history of a project that is yet to be made. */
  History(
      Histories all,
      TestProject files,
      Subject subject,
      Optional<Engine> apart,
      SplittableRandom random,
      String where) {
    this.subject = subject;
    this.tally = all.tally();
    this.emptyCatalog = all.emptyCatalog();
    this.where = where;
    this.steps = random;
    this.random = random.split();
    subject.make(files, this.random);
    this.project = new KillableProject(files, all.engine(), apart, tally);
  }

  void play(int number) {
    runAll();
    subject.timeline().ifPresent(timeline -> timeline.restart(project.workspace()));
    for (int step = 0; step < number; step++) {
      random = steps.split();
      story = new StringBuilder("step %d: ".formatted(step));
      refresh.clear();
      edit();
      disturb();
      if (random.nextInt(3) == 0) {
        edit();
      }
      runAll();
      requireRebuilt();
      if (random.nextInt(4) == 0 && !subject.backfills().isEmpty()) {
        backfill();
        requireRebuilt();
      }
    }
  }

  private void disturb() {
    // Each often enough for a hundred histories to have some of all.
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> kill("run", operations, () -> run(MAIN), true);
      case 4 -> promote(true);
      case 5 -> promote(false);
      case 6, 7, 8 -> rollBack();
      case 9, 10, 11 -> fail();
      case 12, 13 -> compact(true);
      case 14, 15 -> compact(false);
      case 16 -> {
        tell("built in a sandbox first");
        String sandbox = sandbox();
        run(sandbox);
      }
      case 17 -> {
        String sandbox = sandbox();
        kill("sandbox", operations, () -> run(sandbox), false);
      }
      default -> tell("nothing else");
    }
  }

  private void edit() {
    Edit edit = subject.edit(project.files(), random);
    refresh.addAll(edit.refresh());
    everRefreshed.addAll(edit.refresh());
    rebuilt = Optional.empty();
    tell(edit.what());
  }

  private void tell(String what) {
    story.append(story.toString().endsWith(": ") ? "" : ", ").append(what);
  }

  private String place() {
    return "%s, %s".formatted(where, story);
  }

  private TestRun aRun(String environment) {
    return new TestRun().environment(environment).refresh(refresh.toArray(String[]::new)).jobs(1);
  }

  private RunResult run(String environment) {
    return aRun(environment).in(project.workspace());
  }

  /** A run of all tables, in which nothing may go wrong. */
  private void runAll() {
    int needed =
        project.count(
            () -> assertThat(run(MAIN).tasks()).as(place()).allMatch(TaskOutcome::isGood));
    operations = Math.max(LEAST_OPERATIONS, needed);
    Set<String> head = new HashSet<>(head().values());
    head.retainAll(finishedByTheDead);
    if (!head.isEmpty()) {
      tally.add("reuse of what a dead run finished");
    }
    finishedByTheDead = Set.of();
  }

  private Map<TableName, String> head() {
    return project.workspace().catalog().environments().head(MAIN).versions();
  }

  private Environments environments() {
    return project.workspace().catalog().environments();
  }

  private Instant now() {
    return project.workspace().clock().instant();
  }

  private Map<String, String> contents() {
    return project.contents(subject.contents());
  }

  private Map<String, String> rebuilt() {
    if (rebuilt.isEmpty()) {
      rebuilt = Optional.of(project.rebuilt(emptyCatalog, subject.contents(), place()));
    }
    return rebuilt.get();
  }

  private void requireRebuilt() {
    assertThat(contents()).as(place()).isEqualTo(rebuilt());
    follow();
  }

  private void follow() {
    subject.timeline().ifPresent(timeline -> timeline.follow(project.workspace(), place()));
  }

  /**
   * Kills the process in the middle of something: {@code main} is as it was, or is all that was to
   * be published.
   *
   * @param span how many operations there may be
   * @return whether it died
   */
  private boolean kill(String what, int span, Runnable work, boolean publishes) {
    Map<String, String> before = contents();
    Set<String> versions = project.versions();
    Map<TableName, String> head = head();
    int operation = random.nextInt(1, span + 1);
    tell("%s killed at operation %d of %d".formatted(what, operation, span));
    if (!project.killAt(operation, work, place())) {
      follow();
      return false;
    }
    tally.add("kill");
    tally.add("kill of a " + what);
    Map<String, String> after = contents();
    if (publishes) {
      assertThat(after).as(place()).isIn(before, rebuilt());
      tally.add(head.equals(head()) ? "kill before publication" : "kill after publication");
    } else {
      assertThat(after).as(place()).isEqualTo(before);
    }
    follow();
    Set<String> finished = project.versions();
    finished.removeAll(versions);
    finished.removeAll(head().values());
    finishedByTheDead = finished;
    return true;
  }

  private void fail() {
    Map<String, String> before = contents();
    RunResult result = project.failAt(random.nextInt(1, 9), aRun(MAIN));
    if (result.isGood()) {
      tell("a run has too little to do to fail");
      follow();
    } else {
      tell("a run fails");
      tally.add("failed run");
      assertThat(contents()).as(place()).isEqualTo(before);
    }
  }

  private void rollBack() {
    runAll();
    follow();
    List<Commit> past = environments().log(MAIN, Integer.MAX_VALUE).stream().skip(1).toList();
    int back = random.nextInt(3) > 0 ? 0 : random.nextInt(4);
    if (past.size() <= back) {
      tally.add("nothing to roll back");
      return;
    }
    tell("%d commits rolled back".formatted(back + 1));
    long to = past.get(back).id();
    try {
      new Rollback(project.workspace().catalog())
          .rollback(MAIN, Optional.of(to), Set.of(), "ada", now());
      tally.add("rollback");
    } catch (HeadraceException e) {
      assertThat(isCollected).as("%s: %s", place(), e.getMessage()).isTrue();
      tally.add("refused rollback");
    }
    // The code of then is not that of now.
    refresh.addAll(everRefreshed);
    subject.timeline().ifPresent(timeline -> timeline.restart(project.workspace()));
    if (random.nextBoolean()) {
      edit();
    }
  }

  private String sandbox() {
    String name = "sandbox" + sandboxes++;
    environments().create(name, Optional.of(environments().head(MAIN)), now());
    return name;
  }

  /**
   * Builds in a sandbox and promotes it. A promotion is refused if {@code main} has moved; with
   * what it has moved to, it is not.
   */
  private void promote(boolean isKilled) {
    String sandbox = sandbox();
    run(sandbox);
    boolean hasMoved = !isKilled && random.nextInt(3) == 0;
    if (hasMoved) {
      growAndBuildSources();
    }
    tell("promoted" + (hasMoved ? " after main moved" : ""));
    Runnable promotion = () -> promote(sandbox, hasMoved);
    if (!isKilled || kill("promotion", 4, promotion, true)) {
      promotion.run();
    }
    tally.add("promotion");
    assertThat(contents()).as(place()).isEqualTo(rebuilt());
    follow();
    if (random.nextBoolean()) {
      environments().delete(sandbox);
    }
  }

  private void promote(String sandbox, boolean hasMoved) {
    Promotion promotion = new Promotion(project.workspace().catalog());
    if (hasMoved) {
      try {
        promotion.promote(sandbox, MAIN, "ada", "", now());
      } catch (ConflictException e) {
        tally.add("refused promotion");
      }
      long head = environments().head(MAIN).commit();
      assertThat(aRun(sandbox).onto(head).in(project.workspace()).isGood()).as(place()).isTrue();
    }
    promotion.promote(sandbox, MAIN, "ada", "", now());
  }

  private void growAndBuildSources() {
    subject.grow(project.files(), random);
    rebuilt = Optional.empty();
    new TestRun().select(subject.sources().toArray(String[]::new)).jobs(1).in(project.workspace());
  }

  /** Compacts some tables, in the middle of new rows that nobody has consumed. */
  private void compact(boolean isKilled) {
    for (int i = random.nextInt(4); i > 0; i--) {
      growAndBuildSources();
    }
    tell("a compaction");
    boolean collects = random.nextInt(4) == 0;
    Runnable compaction = () -> compactAndCollect(collects);
    Map<String, String> before = contents();
    if (!isKilled || kill("compaction", 25, compaction, false)) {
      compaction.run();
    }
    assertThat(contents()).as(place()).isEqualTo(before);
  }

  private void compactAndCollect(boolean collects) {
    for (String table : subject.compacted()) {
      Optional<Version> version =
          Optional.ofNullable(head().get(TableName.parse(table)))
              .flatMap(project.workspace().catalog().versions()::find);
      if (version.isPresent()
          && new Compactor(project.workspace(), 2)
              .compact(version.get(), Cancellation.never())
              .isPresent()) {
        tally.add("compaction");
      }
    }
    if (collects) {
      isCollected = true;
      new Garbage(project.workspace()).collect(Duration.ZERO, false);
      tally.add("garbage collection");
    }
  }

  /** Computes a range again, which must change nothing. */
  private void backfill() {
    List<Backfill> choices = subject.backfills();
    Backfill backfill = choices.get(random.nextInt(choices.size()));
    tell("%s of %s to %s again".formatted(backfill.table(), backfill.from(), backfill.to()));
    Runnable work =
        () ->
            assertThat(
                    new TestRun()
                        .backfill(backfill.table().toString(), backfill.from(), backfill.to())
                        .jobs(1)
                        .in(project.workspace())
                        .isGood())
                .as(place())
                .isTrue();
    if (random.nextInt(3) > 0 || kill("backfill", 25, work, false)) {
      work.run();
    }
    tally.add("backfill");
  }

  @Override
  public void close() {
    project.close();
  }
}
