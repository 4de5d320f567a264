package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.broker.BrokerProcess;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of deliveries to a topic: whoever reads it has each change
 * once, and of the latest message of each key the rows of the version.
 */
class KilledTopicExportTest {
  private static final int KILLS = Math.max(4, Integer.getInteger("headrace.kills", 40) / 10);
  private static final int ROWS = 30_000;

  /** Later than that the leases of a dead process are free and it counts as dead. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;

  @Test
  void aKilledDeliveryLeavesNothingAndTheNextOneDeliversEachChangeOnce() throws Exception {
    Seed seed = new Seed(KilledTopicExportTest.class);
    try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker"), 0)) {
      TestProject project =
          new TestProject(folder.resolve("project"))
              .write(
                  "headrace.yaml",
                  "connections: {local: {bootstrap: \"%s\"}}\n".formatted(broker.bootstrap()))
              .write(
                  "exports/changes.yaml",
                  "table: t\nkafka: local\ntopic: changes\nmode: upsert\nkey: id\n");
      long messages = ROWS;
      edit(project, 0);
      publish(project);
      Duration usual = export(project);
      for (int i = 1; i <= KILLS; i++) {
        edit(project, i);
        publish(project);
        try (Child child = start(project)) {
          Thread.sleep(seed.random(i).nextLong(usual.toMillis() + 1));
          child.kill();
        }
        Duration unused = export(project);
        // Ten rows go, ten come, and every tenth of those that stay is another.
        messages += 20 + (ROWS - 10) / 10;
      }
      readBack(project, messages, "%d kills, %s".formatted(KILLS, seed));
    }
  }

  private static void edit(TestProject project, int number) {
    project.table(
        "t",
        "SELECT range::BIGINT AS id, CASE WHEN range %% 10 = 5 THEN %1$d ELSE 0 END::BIGINT AS n FROM range(%2$d, %2$d + %3$d)"
            .formatted(number, 10 * number, ROWS));
  }

  private static void readBack(TestProject project, long messages, String where) {
    project
        .write(
            "tables/changes.yaml",
            "kafka: local\ntopic: changes\ncolumns: {id: BIGINT, n: BIGINT}\n")
        .table(
            "latest",
            """
            SELECT id, n FROM changes
            QUALIFY row_number() OVER (PARTITION BY partition, key ORDER BY "offset" DESC) = 1""");
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      assertThat(TestRun.of(workspace).isGood()).as(where).isTrue();
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM changes"))
          .as(where)
          .isEqualTo(messages);
      assertThat(
              TestProject.value(
                  workspace,
                  "SELECT count(*) FROM (FROM t EXCEPT ALL SELECT id, n FROM latest WHERE id IS NOT NULL)"))
          .as(where)
          .isEqualTo(0L);
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM latest WHERE id IS NOT NULL"))
          .as(where)
          .isEqualTo((long) ROWS);
    }
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

  private static Duration export(TestProject project) {
    long began = System.nanoTime();
    try (Child child = start(project)) {
      assertThat(child.finish()).as(child.errors() + child.output()).isZero();
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }
}
