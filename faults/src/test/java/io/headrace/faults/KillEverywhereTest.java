package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.faults.TestProject.Parts;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that dies at each operation of a run that makes something last, one after the other;
 * once with the machine going on, and once with the machine losing its power as well.
 */
@Order(1)
class KillEverywhereTest {
  private static final int WORKERS = 2;
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;
  private final Seed seed = new Seed(KillEverywhereTest.class);
  private final AtomicInteger survived = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  @Test
  void aProcessMayDieAtEachOperation() throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        int first = worker + 1;
        results.add(workers.submit(() -> dieAtEach(first)));
      }
      for (Future<Integer> result : results) {
        result.get();
      }
    } finally {
      workers.shutdownNow();
    }
    System.out.printf(
        "Died at each of %d operations; %d files were lost with the power%n",
        survived.get(), lost.get());
    assertThat(survived.get()).isGreaterThan(50);
    assertThat(lost.get()).isGreaterThan(50);
  }

  /** Dies at operation {@code first}, and at every {@link #WORKERS}th after it. */
  private int dieAtEach(int first) throws IOException {
    TestProject project = new TestProject(folder.resolve("project" + first));
    project
        .table(
            "b",
            """
            /*---
            partition_by: k
            checks:
              - v >= 0
            ---*/
            SELECT v, range AS k FROM input, range(2)
            """)
        .write("checks/agree.sql", "SELECT * FROM input, b WHERE input.v <> b.v");
    edit(project, 0);
    Set<Path> saved = new HashSet<>();
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
    }
    try (Engine engine = engine(first)) {
      Parts parts = Parts.USUAL.with(LATER).with(new SharedEngine(Parts.USUAL.engine(), engine));
      for (int n = first; ; n += WORKERS) {
        edit(project, n);
        saved.clear();
        saved.addAll(PowerCut.contents(project.warehouse()));
        Path journal = folder.resolve("journal-%d".formatted(n));
        if (!dies(project, n, journal)) {
          return n;
        }
        String at = "operation %d, '%s', %s".formatted(n, last(Files.readAllLines(journal)), seed);
        Path copy = folder.resolve("copy" + first);
        copy(project.state(), copy);
        survives(project, parts, n, "killed at " + at);
        copy(copy, project.state());
        PowerCut cut = new PowerCut(saved, journal);
        lost.addAndGet(cut.strike(project.warehouse(), saved, seed.random(n)));
        survives(project, parts, n, "without power at " + at);
        survived.incrementAndGet();
      }
    }
  }

  static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  /** Gives the input another number, and the number a table of its own. */
  private static void edit(TestProject project, int number) throws IOException {
    int old = Math.max(0, number - WORKERS);
    TwentyTables.edit(project, number);
    project.delete("tables/only_%d.sql".formatted(old));
    project.table("only_" + number, "SELECT v FROM b WHERE k = 1");
    // Empty by now; so many folders would take long to copy.
    if (old > 0) {
      delete(project.warehouse().resolve("only_" + Math.max(0, old - WORKERS)));
    }
    delete(project.state().resolve("runs"));
  }

  private static boolean dies(TestProject project, int n, Path journal) {
    try (Child child =
        ChildJvms.prepared()
            .start(
                project.root(),
                DoomedRun.class.getName(),
                project.root().toString(),
                String.valueOf(n),
                journal.toString())) {
      int code = child.finish();
      assertThat(code).as(child.errors()).isIn(0, DoomedRun.DIED);
      return code == DoomedRun.DIED;
    }
  }

  private Engine engine(int worker) {
    return Parts.USUAL
        .engine()
        .start(new EngineProvider.Settings(256L << 20, 1, folder.resolve("spill" + worker)));
  }

  private static void survives(TestProject project, Parts parts, int n, String how) {
    try (Workspace workspace = project.open(parts)) {
      assertThat(new Doctor(workspace).examine().problems()).as(how).isEmpty();
      String old = n <= WORKERS ? "only_0" : "only_%d".formatted(n - WORKERS);
      boolean isNew = has(workspace, "only_" + n);
      int expected = isNew ? n : Math.max(0, n - WORKERS);
      assertThat(has(workspace, old)).as(how).isEqualTo(!isNew);
      assertThat(numbers(workspace, isNew ? "only_" + n : old))
          .as(how)
          .isEqualTo("[[%d, %d]]".formatted(expected, expected));
      assertThat(TestRun.of(workspace).isGood()).as(how).isTrue();
      assertThat(numbers(workspace, "only_" + n)).as(how).isEqualTo("[[%d, %d]]".formatted(n, n));
      new Garbage(workspace).collect(Duration.ZERO, false);
      Set<Path> needed = new HashSet<>();
      workspace
          .catalog()
          .versions()
          .all()
          .forEach(v -> needed.addAll(workspace.tables().reachableFiles(v.metadataLocation())));
      assertThat(workspace.tables().allFiles()).as(how).isEqualTo(needed);
    }
  }

  private static boolean has(Workspace workspace, String table) {
    return workspace.catalog().environments().head("main").versions().keySet().stream()
        .anyMatch(name -> name.name().equals(table));
  }

  private static String numbers(Workspace workspace, String table) {
    return TestProject.query(workspace, "main", TwentyTables.numbers(List.of("input", "b", table)))
        .toString();
  }

  /** Makes {@code to} what {@code from} is. */
  static void copy(Path from, Path to) throws IOException {
    delete(to);
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(
            path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
