package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Snapshot;
import io.headrace.error.ConflictException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConcurrencyTest {
  private static final int PROCESSES = 8;
  private static final int COMMITS_EACH = 25;

  @TempDir Path folder;

  @Test
  void processesThatRaceLoseNoCommitAndReadersSeeNoMixture() throws Exception {
    // Nobody has made the catalog before: the first thing they race for is to do that.
    Path file = folder.resolve("new").resolve("catalog.db");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(
          Processes.start(
              output(i), ConcurrentWriter.class, file.toString(), "w" + i, "" + COMMITS_EACH));
    }
    List<Long> acknowledged = new ArrayList<>();
    try (Catalog catalog = SqliteCatalog.open(file)) {
      while (processes.stream().anyMatch(Process::isAlive)) {
        assertNoMixture(catalog.environments().head("main"));
      }
      for (int i = 0; i < PROCESSES; i++) {
        Processes.finish(processes.get(i), output(i)).stream()
            .map(Long::valueOf)
            .forEach(acknowledged::add);
      }
      List<Commit> log = catalog.environments().log("main", 1_000);
      assertThat(acknowledged).hasSize(PROCESSES * COMMITS_EACH);
      assertThat(log)
          .extracting(Commit::id)
          .containsExactlyInAnyOrderElementsOf(acknowledged)
          .doesNotHaveDuplicates();
      assertThat(ConcurrentWriter.value(head(catalog).version(ConcurrentWriter.COUNTER)))
          .isEqualTo(PROCESSES * COMMITS_EACH);
    }
  }

  @Test
  void threadsThatRaceLoseNoCommit() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(5);
    AtomicBoolean done = new AtomicBoolean();
    try (Catalog catalog = SqliteCatalog.open(folder.resolve("catalog.db"))) {
      Future<?> reader =
          threads.submit(
              () -> {
                while (!done.get()) {
                  assertNoMixture(head(catalog));
                }
              });
      List<Callable<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "w" + i;
        writers.add(() -> makeCommits(catalog, name));
      }
      for (Future<Integer> writer : threads.invokeAll(writers)) {
        writer.get();
      }
      done.set(true);
      reader.get();
      assertThat(catalog.environments().log("main", 1_000)).hasSize(4 * COMMITS_EACH);
      assertThat(ConcurrentWriter.value(head(catalog).version(ConcurrentWriter.COUNTER)))
          .isEqualTo(4 * COMMITS_EACH);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int makeCommits(Catalog catalog, String writer) {
    int made = 0;
    while (made < COMMITS_EACH) {
      try {
        ConcurrentWriter.increment(catalog, writer);
        made++;
      } catch (ConflictException e) {
        Thread.onSpinWait();
      }
    }
    return made;
  }

  private static Snapshot head(Catalog catalog) {
    return catalog.environments().head("main");
  }

  /** Each commit adds one to both tables, so its number tells what they must be. */
  private static void assertNoMixture(Snapshot head) {
    assertThat(ConcurrentWriter.value(head.version(ConcurrentWriter.COUNTER)))
        .isEqualTo(head.commit());
    assertThat(ConcurrentWriter.value(head.version(ConcurrentWriter.SHADOW)))
        .isEqualTo(head.commit());
  }

  private Path output(int process) throws java.io.IOException {
    return Files.createDirectories(folder.resolve("output")).resolve(process + ".txt");
  }
}
