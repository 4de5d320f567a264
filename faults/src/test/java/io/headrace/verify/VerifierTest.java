package io.headrace.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.diff.Differ.Counts;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.faults.Tampering;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestProject.Parts;
import io.headrace.faults.TestRun;
import io.headrace.faults.WatchedEngine;
import io.headrace.maintain.Garbage;
import io.headrace.table.TableName;
import io.headrace.verify.Verification.Different;
import io.headrace.verify.Verification.Failed;
import io.headrace.verify.Verification.NotComparable;
import io.headrace.verify.Verification.Result;
import io.headrace.verify.Verification.Same;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found when tables are computed afresh. */
class VerifierTest {
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/numbers.csv", "n\n1\n2\n3\n")
            .table("even", "SELECT n FROM numbers WHERE n % 2 = 0")
            .table("sums", "SELECT sum(n) AS total FROM even");
  }

  private Result verify(Workspace workspace, String table) {
    return verify(workspace, "main", table, Cancellation.never());
  }

  private Result verify(
      Workspace workspace, String environment, String table, Cancellation cancel) {
    Set<Path> before = files(workspace);
    try {
      return verifier(workspace, environment).verify(TableName.parse(table), cancel).result();
    } finally {
      assertThat(files(workspace)).isEqualTo(before);
    }
  }

  private static Verifier verifier(Workspace workspace, String environment) {
    return new Verifier(
        workspace,
        workspace.buildGraph(workspace.readProject(), Map.of()),
        workspace.catalog().environments().head(environment));
  }

  /** All files of the project's state but those of the database and the cache. */
  private Set<Path> files(Workspace workspace) {
    assertThat(workspace.engine().identity()).isNotEmpty();
    Set<Path> files = new TreeSet<>();
    for (String part : new String[] {"warehouse", "tmp", "runs", "live"}) {
      Path below = project.state().resolve(part);
      if (Files.exists(below)) {
        try (Stream<Path> found = Files.walk(below)) {
          files.addAll(found.filter(Files::isRegularFile).collect(Collectors.toSet()));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
    return files;
  }

  private String notComparable(Workspace workspace, String table) {
    Result result = verify(workspace, table);
    assertThat(result).isInstanceOf(NotComparable.class);
    return ((NotComparable) result).reason();
  }

  @Test
  void everyKindOfTableIsComputedAgain() {
    project
        .write("data/a.csv", "day,x\n2026-01-01,0.5\n2026-01-02,\n")
        .write("data/b.csv", "day,x\n2026-01-01,-0.0\n")
        .write("tables/source.yaml", "files: data/*.csv\n")
        .table("direct", "SELECT x, count(*) AS n FROM 'data/*.csv' GROUP BY x")
        .table("parts", "/*---\npartition_by: day\n---*/ SELECT day, x FROM source")
        .table("none", "SELECT n FROM numbers WHERE n > 100")
        .table("marts/nested", "SELECT [x] AS list, {'a': x, 'b': day} AS struct FROM source");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      long commit = workspace.catalog().environments().head("main").commit();
      int versions = workspace.catalog().versions().all().size();
      Verifier verifier = verifier(workspace, "main");
      assertThat(verifier.tables()).hasSize(8);
      assertThat(verify(workspace, "numbers")).isEqualTo(new Same(3));
      assertThat(verify(workspace, "even")).isEqualTo(new Same(1));
      assertThat(verify(workspace, "sums")).isEqualTo(new Same(1));
      assertThat(verify(workspace, "source")).isEqualTo(new Same(3));
      assertThat(verify(workspace, "parts")).isEqualTo(new Same(3));
      assertThat(verify(workspace, "none")).isEqualTo(new Same(0));
      assertThat(verify(workspace, "direct")).isEqualTo(new Same(3));
      assertThat(verify(workspace, "marts.nested")).isEqualTo(new Same(3));
      assertThat(workspace.catalog().environments().head("main").commit()).isEqualTo(commit);
      assertThat(workspace.catalog().versions().all()).hasSize(versions);
    }
    assertThat(project.state().resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void rowsThatWereChangedAreFoundAndShown() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    Tampering.overwrite(project, "numbers", "SELECT unnest([1, 2, 2, 4]) AS n");
    try (Workspace workspace = project.open()) {
      Different numbers = (Different) verify(workspace, "numbers");
      assertThat(numbers.rowCount()).isEqualTo(3);
      assertThat(numbers.counts()).isEqualTo(new Counts(2, 1));
      assertThat(numbers.columns()).isEmpty();
      assertThat(numbers.first().values()).hasToString("[[-, 2], [+, 3], [-, 4]]");
      assertThat(numbers.first().truncated()).isFalse();
      // What was made from it is as it should be only of what is there now.
      Different even = (Different) verify(workspace, "even");
      assertThat(even.counts()).isEqualTo(new Counts(0, 2));
      assertThat(verify(workspace, "sums")).isEqualTo(new Same(1));
    }
  }

  @Test
  void onlySomeOfManyChangedRowsAreShown() {
    project.table("many", "SELECT range AS change, -1.5 AS x FROM range(1000)");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    Tampering.overwrite(project, "many", "SELECT change + 1 AS change, x FROM many");
    try (Workspace workspace = project.open()) {
      Different many = (Different) verify(workspace, "many");
      assertThat(many.counts()).isEqualTo(new Counts(1, 1));
      assertThat(many.first().values()).hasToString("[[+, 0, -1.5], [-, 1000, -1.5]]");
      assertThat(many.first().columns()).extracting("name").doesNotHaveDuplicates();
    }
    Tampering.overwrite(project, "many", "SELECT change, x * 2 AS x FROM many");
    try (Workspace workspace = project.open()) {
      Different many = (Different) verify(workspace, "many");
      assertThat(many.counts()).isEqualTo(new Counts(1000, 1000));
      assertThat(many.first().values()).hasSize(10);
      assertThat(many.first().truncated()).isTrue();
    }
  }

  @Test
  void theSignOfAZeroIsADifference() {
    project.table("zeros", "SELECT 0.0::DOUBLE AS x, [0.0::DOUBLE] AS list, NULL::DOUBLE AS y");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(verify(workspace, "zeros")).isEqualTo(new Same(1));
    }
    for (String column : new String[] {"-x AS x, list", "x, [-x] AS list"}) {
      Tampering.overwrite(project, "zeros", "SELECT " + column + ", y FROM zeros");
      try (Workspace workspace = project.open()) {
        Different zeros = (Different) verify(workspace, "zeros");
        assertThat(zeros.counts()).isEqualTo(new Counts(1, 1));
        assertThat(zeros.first().values()).hasSize(2);
      }
      Tampering.overwrite(project, "zeros", "SELECT 0.0 AS x, [0.0] AS list, y FROM zeros");
    }
  }

  @Test
  void otherColumnsAreADifference() {
    project.table("pairs", "SELECT 1 AS a, 2 AS b").table("alone", "SELECT 1 AS a");
    try (Workspace workspace = project.open()) {
      Tampering.forge(workspace, "numbers", "SELECT 1::INTEGER AS n, 'x' AS note");
      Tampering.forge(workspace, "pairs", "SELECT 2 AS b, 1 AS a");
      Tampering.forge(workspace, "alone", "SELECT 1 AS other");
      TestRun.of(workspace);
      Different numbers = (Different) verify(workspace, "numbers");
      assertThat(numbers.columns()).containsExactly("~ n int -> long", "- note string");
      assertThat(numbers.counts()).isEqualTo(new Counts(0, 2));
      assertThat(numbers.first().values()).hasToString("[[+, 2], [+, 3]]");
      Different pairs = (Different) verify(workspace, "pairs");
      assertThat(pairs.columns()).containsExactly("~ b, a -> a, b");
      assertThat(pairs.counts()).isEqualTo(new Counts(0, 0));
      Different alone = (Different) verify(workspace, "alone");
      assertThat(alone.columns()).containsExactly("+ a int", "- other int");
      assertThat(alone.counts()).isEqualTo(new Counts(1, 1));
      assertThat(alone.first().values()).isEmpty();
    }
  }

  @Test
  void whatNoFingerprintCoversIsNotCompared() {
    project
        .table("times", "SELECT now() AS at")
        .table("dice", "SELECT n FROM numbers WHERE random() < 2");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(notComparable(workspace, "times")).startsWith("now(): its value changes");
      assertThat(notComparable(workspace, "dice")).startsWith("random(): its value is different");
    }
  }

  @Test
  void aQueryThatHasChangedIsNotComparedUntilItHasRun() {
    project
        .write("headrace.yaml", "parameters:\n  least: 2\n")
        .table("large", "SELECT n FROM numbers WHERE n >= $least");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("even", "SELECT n + 0 AS n FROM numbers WHERE n IN (2, 4)");
      project.write("headrace.yaml", "parameters:\n  least: 1\n");
      assertThat(notComparable(workspace, "even"))
          .isEqualTo("its query has changed since (tables/even.sql changed); run first");
      assertThat(notComparable(workspace, "large"))
          .isEqualTo("its query has changed since (parameter least is now 1); run first");
      // The rows of 'even' are the same, so that its version stays, with the recipe that made it.
      TestRun.of(workspace);
      assertThat(verify(workspace, "even")).isEqualTo(new Same(1));
      assertThat(verify(workspace, "large")).isEqualTo(new Same(3));
      project
          .table("even", "SELECT n FROM sums, numbers WHERE total = n")
          .delete("tables/sums.sql");
      project.table("sums", "SELECT 2 AS total");
      assertThat(notComparable(workspace, "even"))
          .startsWith("its query has changed since (tables/even.sql changed; reads sums)");
    }
  }

  @Test
  void aVersionIsComparedWithWhatItsOwnInputsGive() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/numbers.csv", "n\n4\n");
      new TestRun().select("numbers").in(workspace);
      assertThat(verify(workspace, "numbers")).isEqualTo(new Same(1));
      assertThat(verify(workspace, "even")).isEqualTo(new Same(1));
    }
    try (Workspace workspace = project.open(Parts.USUAL.with(LATER))) {
      assertThat(new Garbage(workspace).collect(Duration.ZERO, false).versions()).hasSize(1);
      assertThat(notComparable(workspace, "even"))
          .matches("the version '[0-9a-f]{32}' of 'numbers' that it was made from is gone.*");
      TestRun.of(workspace);
      assertThat(verify(workspace, "even")).isEqualTo(new Same(1));
    }
  }

  @Test
  void filesThatAreNotAsTheyWereAreNamed() {
    project.write("data/a.csv", "n\n1\n").table("folder", "SELECT sum(n) AS n FROM 'data/*.csv'");
    project.write("tables/source.yaml", "files: data/*.csv\n");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("tables/numbers.csv", "n\n1\n2\n4\n");
      assertThat(notComparable(workspace, "numbers"))
          .isEqualTo("'tables/numbers.csv' has changed since; run first");
      project.write("data/b.csv", "n\n2\n");
      assertThat(notComparable(workspace, "folder"))
          .isEqualTo("'data/b.csv' was added since; run first");
      project.delete("data/a.csv");
      assertThat(notComparable(workspace, "folder"))
          .isEqualTo("'data/a.csv' is gone and 1 more; run first");
      project.delete("data/b.csv");
      assertThat(notComparable(workspace, "source")).isEqualTo("'data/a.csv' is gone; run first");
      project.write("data/a.csv", "n\n1\n").write("tables/source.yaml", "files: data/c*.csv\n");
      assertThat(notComparable(workspace, "source"))
          .isEqualTo("'data/a.csv' is not read any more; run first");
      assertThat(verify(workspace, "folder")).isEqualTo(new Same(1));
    }
  }

  @Test
  void aFileThatChangesMeanwhileIsNotTakenForWhatItWas() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    Runnable change = () -> project.write("tables/numbers.csv", "n\n1\n2\n9\n");
    try (Workspace workspace = project.open(whenWriting(change, () -> {}))) {
      assertThat(notComparable(workspace, "numbers")).endsWith("' changed while it was read");
    }
  }

  @Test
  void tablesThatOnlyOneSideHasAreNotCompared() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      workspace
          .catalog()
          .environments()
          .create("empty", Optional.empty(), workspace.clock().instant());
      assertThat(verify(workspace, "empty", "sums", Cancellation.never()))
          .isEqualTo(new NotComparable("it is not in 'empty'; run first"));
      project.delete("tables/sums.sql");
      assertThat(verifier(workspace, "main").tables()).hasToString("[numbers, even, sums]");
      assertThat(notComparable(workspace, "sums"))
          .isEqualTo("no file makes it any more; run first");
    }
  }

  @Test
  void damageFailsTheTableAndNoOther() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      Tampering.delete(workspace, "even");
      Failed even = (Failed) verify(workspace, "even");
      assertThat(even.message()).startsWith("Cannot compare version '").contains(".parquet");
      assertThat(even.hint()).contains("`headrace run --refresh even`");
      Failed sums = (Failed) verify(workspace, "sums");
      assertThat(sums.message()).startsWith("tables/sums.sql:1:1: ").contains(".parquet");
      assertThat(verify(workspace, "numbers")).isEqualTo(new Same(3));
    }
  }

  @Test
  void aFailureOnTheWayLeavesNothing() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    Runnable fail =
        () -> {
          throw new HeadraceException("the disk is full", "Make room");
        };
    try (Workspace workspace = project.open(whenWriting(() -> {}, fail))) {
      assertThat(verify(workspace, "even"))
          .isEqualTo(new Failed("tables/even.sql:1:1: the disk is full", "Make room"));
    }
    assertThat(project.state().resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void cancelledAtAnyMomentItLeavesNothing() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
    }
    for (boolean after : new boolean[] {false, true}) {
      Cancellation cancel = new Cancellation();
      Runnable request = () -> cancel.request("cancelled");
      Parts parts = after ? whenWriting(() -> {}, request) : whenWriting(request, () -> {});
      try (Workspace workspace = project.open(parts)) {
        assertThatThrownBy(() -> verify(workspace, "main", "even", cancel))
            .isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> verify(workspace, "main", "sums", cancel))
            .isInstanceOf(CancelledException.class);
      }
      assertThat(project.state().resolve("tmp")).isEmptyDirectory();
    }
  }

  private static Parts whenWriting(Runnable before, Runnable after) {
    return Parts.USUAL.with(
        new WatchedEngine(
            Parts.USUAL.engine(),
            new WatchedEngine.Watcher() {
              @Override
              public void beforeWrite(TableName table) {
                before.run();
              }

              @Override
              public void afterWrite(TableName table) {
                after.run();
              }
            }));
  }
}
