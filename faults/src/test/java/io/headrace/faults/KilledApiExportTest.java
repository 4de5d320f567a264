package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of deliveries to an API that drops repetitions: it has the rows
 * of the version in the end, and each new row once.
 */
class KilledApiExportTest {
  private static final int KILLS = Math.max(4, Integer.getInteger("headrace.kills", 40) / 10);
  private static final int ROWS = 4_000;
  private static final int BATCH = 50;

  @TempDir Path folder;

  @Test
  void aKilledDeliveryGoesOnAndEachRowIsThereOnce() throws Exception {
    Seed seed = new Seed(KilledApiExportTest.class);
    try (RowReceiver receiver = new RowReceiver()) {
      TestProject project =
          new TestProject(folder)
              .write(
                  "headrace.yaml",
                  "connections: {crm: {url: '%s', allow_private: true}}\n"
                      .formatted(receiver.url()))
              .write(
                  "exports/keyed.yaml",
                  "table: t\napi: crm\npath: /keyed\nmode: upsert\nkey: id\nbatch: %d\ndeletes: flag\n"
                      .formatted(BATCH))
              .write(
                  "exports/log.yaml",
                  "table: events\napi: crm\npath: /log\nmode: append\nformat: ndjson\nbatch: %d\n"
                      .formatted(BATCH));
      edit(project, 0);
      publish(project);
      export(project);
      for (int i = 1; i <= KILLS; i++) {
        edit(project, i);
        publish(project);
        killAtARequest(project, receiver, seed.random(i));
        if (i % 2 == 0) {
          // Another version comes while that one is on its way.
          edit(project, i + KILLS);
          publish(project);
        }
        export(project);
        String where = "kill %d, %s".formatted(i, seed);
        int last = i % 2 == 0 ? i + KILLS : i;
        assertThat(receiver.keyed()).as(where).isEqualTo(rows(last));
        assertThat(receiver.log()).as(where).doesNotHaveDuplicates().hasSize(events);
      }
      assertThat(receiver.repeated()).as(seed.toString()).isPositive();
      System.out.printf(
          "%d kills of deliveries to an API, %d requests repeated%n", KILLS, receiver.repeated());
    }
  }

  private final List<Integer> edits = new ArrayList<>();
  private int events;

  private void edit(TestProject project, int number) {
    edits.add(number);
    events = edits.size() * ROWS;
    project
        .table(
            "t",
            "SELECT range::BIGINT AS id, CASE WHEN range %% 2 = 0 THEN %1$d ELSE 0 END::BIGINT AS n FROM range(%1$d, %1$d + %2$d)"
                .formatted(number, ROWS))
        .table("events", "SELECT range::BIGINT AS id FROM range(%d)".formatted(events));
  }

  private static List<String> rows(int number) {
    return LongStream.range(number, number + ROWS)
        .mapToObj(id -> "{\"id\":%d,\"n\":%d}".formatted(id, id % 2 == 0 ? number : 0))
        .toList();
  }

  private static void publish(TestProject project) {
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
    }
  }

  private static Child start(TestProject project) {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "export", "--memory", "200MB");
  }

  /** One delivery brings half of the rows, and the other the same number of new ones. */
  private static void killAtARequest(
      TestProject project, RowReceiver receiver, SplittableRandom random) throws Exception {
    AtomicInteger left = new AtomicInteger(1 + random.nextInt(ROWS * 3 / 2 / BATCH));
    boolean behind = random.nextInt(4) > 0;
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    receiver.fate(
        (body, isTaken) -> {
          if (isTaken == behind && left.decrementAndGet() == 0) {
            reached.countDown();
            await(killed);
          }
          return 200;
        });
    try (Child child = start(project)) {
      await(reached);
      child.kill();
    }
    killed.countDown();
    receiver.fate((body, isTaken) -> 200);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void export(TestProject project) {
    try (Child child = start(project)) {
      assertThat(child.finish()).as(child.errors() + child.output()).isZero();
    }
  }
}
