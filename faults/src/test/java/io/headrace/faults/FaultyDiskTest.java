package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.error.HeadraceException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.faults.TestProject.Parts;
import io.headrace.maintain.Doctor;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails at each operation of a run, one after the other: once, or from then on. */
class FaultyDiskTest {
  private static final String REASON = "No space left on device";

  @TempDir Path folder;
  private TestProject project;
  private Engine engine;
  private boolean isKnown;
  private int unknown;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .table("a", "/*---\nchecks:\n  - v >= 0\n---*/ SELECT v, v * 2 AS w FROM input")
            .table("b", "/*---\npartition_by: k\n---*/ SELECT v, range AS k FROM a, range(2)")
            .write("checks/agree.sql", "SELECT * FROM a, b WHERE a.v <> b.v");
    engine =
        Parts.USUAL
            .engine()
            .start(new EngineProvider.Settings(256L << 20, 1, folder.resolve("spill")));
  }

  @AfterEach
  void stopEngine() {
    engine.close();
  }

  @Test
  void eachOperationMayFailOnce() {
    failAtEach(false);
  }

  @Test
  void theDiskMayStayFullFromEachOperationOn() {
    failAtEach(true);
  }

  private void failAtEach(boolean forEver) {
    // By then the leases are free that a run could not give back.
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
    Parts healthy = Parts.USUAL.with(later).with(new SharedEngine(Parts.USUAL.engine(), engine));
    edit(0);
    try (Workspace workspace = project.open(healthy)) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
    }
    int n = 1;
    for (Fault fault = new Fault(0, false); !fault.isSpared(); n++) {
      edit(n);
      fault = new Fault(n, forEver);
      Optional<Long> commit = run(new Operations(fault).parts(healthy.engine()), fault);
      try (Workspace workspace = project.open(healthy)) {
        String at = "operation %d, '%s'".formatted(n, fault.operation);
        if (isKnown) {
          assertThat(numbers(workspace)).as(at).isEqualTo(commit.isPresent() ? n : n - 1);
        } else {
          assertThat(numbers(workspace)).as(at).isBetween(n - 1, n);
          unknown++;
        }
        assertThat(new Doctor(workspace).examine().problems()).as(at).isEmpty();
        assertThat(TestRun.of(workspace).isGood()).as(at).isTrue();
        assertThat(numbers(workspace)).as(at).isEqualTo(n);
      }
    }
    System.out.printf("Failed at each of %d operations%n", n - 2);
    assertThat(n).isGreaterThan(50);
    // Only if nobody can say whether the commit itself happened.
    assertThat(unknown).isLessThan(3);
  }

  /** Runs, requires a useful message if that fails, and returns what was published. */
  private Optional<Long> run(Parts parts, Fault fault) {
    isKnown = true;
    try (Workspace workspace = project.open(parts)) {
      RunResult result = new TestRun().jobs(1).in(workspace);
      List<TaskOutcome> failed = result.tasks(Kind.FAILED);
      for (TaskOutcome task : failed) {
        assertThat(task.message()).as(fault.operation).contains(REASON);
        assertThat(task.message()).as(fault.operation).doesNotContain("Exception", "defect");
        assertThat(task.hint()).as(fault.operation).isNotEmpty();
      }
      return result.commit();
    } catch (OutcomeUnknownException e) {
      assertThat(e).hasMessageContaining("may or may not have happened");
      isKnown = false;
      return Optional.empty();
    } catch (HeadraceException e) {
      assertThat(e).as(fault.operation).hasMessageStartingWith("Cannot ");
      assertThat(e).hasMessageContaining(REASON);
      assertThat(e.getMessage()).as(fault.operation).doesNotContain("Exception");
      assertThat(e.hint()).as(fault.operation).isNotEmpty();
      return Optional.empty();
    }
  }

  private void edit(int number) {
    TwentyTables.edit(project, number);
    project.delete("tables/only_%d.sql".formatted(number - 1));
    project.table("only_" + number, "SELECT v FROM b WHERE k = 1");
  }

  /** The number that all tables have. */
  private static int numbers(Workspace workspace) {
    List<Object> row =
        TestProject.query(workspace, "main", TwentyTables.numbers(List.of("input", "a", "b")))
            .get(0);
    assertThat(row.get(0)).isEqualTo(row.get(1));
    return ((Number) row.get(0)).intValue();
  }

  /** Lets one operation fail, or all from it on. */
  private static final class Fault implements Operations.Fate {
    private final int first;
    private final boolean forEver;
    private int operations;
    private String operation = "";

    Fault(int first, boolean forEver) {
      this.first = first;
      this.forEver = forEver;
    }

    /** Whether the run was over before it met the fault. */
    boolean isSpared() {
      return first > 0 && operation.isEmpty();
    }

    @Override
    public synchronized boolean before(String next) throws IOException {
      operations++;
      // A full disk still lets files go.
      if (operations < first || next.startsWith("delete ") || (operations > first && !forEver)) {
        return false;
      }
      operation = operation.isEmpty() ? next : operation;
      if (next.startsWith("write ")) {
        return true;
      }
      throw new IOException(REASON);
    }

    @Override
    public void half() throws IOException {
      throw new IOException(REASON);
    }
  }
}
