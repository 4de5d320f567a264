package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.connector.Position;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestRun;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of a topic that are rejected. */
class RejectedMessagesTest extends OnBroker {
  private static final String TOPIC = "kafka: local\ntopic: events\ncolumns: {id: BIGINT, n: %s}\n";

  @BeforeEach
  void start() {
    project().write("tables/events.yaml", TOPIC.formatted("BIGINT"));
  }

  private void send(String... messages) throws Exception {
    byte[] key = {'k'};
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String message : messages) {
      byte[] value = message.getBytes(StandardCharsets.UTF_8);
      records.add(new ProducerRecord<>("events", 0, key, value));
    }
    send(records);
  }

  @Test
  void haveTheirPlaceTheirTextAndTheReason() throws Exception {
    send("{\"id\": 1, \"n\": 2}", "no", "{\"id\": 2, \"n\": \"two\"}", "{\"id\": 3, \"n\": -4}");
    project()
        .write(
            "tables/events.yaml",
            TOPIC.formatted("BIGINT") + "reject: {rules: [n > 0], at_most: 75%}");
    try (Workspace workspace = project().open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      assertThat(query(workspace, "main", "SELECT * EXCLUDE (timestamp) FROM events"))
          .hasToString("[[0, 0, k, null, 1, 2]]");
      assertThat(
              query(
                  workspace,
                  "main",
                  "SELECT topic, partition, \"offset\", timestamp IS NOT NULL, key, raw,"
                      + " split_part(reason, ':', 1) FROM events__rejected ORDER BY 3"))
          .hasToString(
              "[[events, 0, 1, true, k, no, not JSON],"
                  + " [events, 0, 2, true, k, {\"id\": 2, \"n\": \"two\"}, field 'n'],"
                  + " [events, 0, 3, true, k, {\"id\": 3, \"n\": -4}, n > 0]]");
    }
  }

  @Test
  void aMessageWithoutAKeyStopsNoTableOfKeys() throws Exception {
    project()
        .write(
            "tables/events.yaml",
            TOPIC.formatted("BIGINT") + "incremental: {key: id, latest_by: n}");
    send("{\"id\": 1, \"n\": 2}", "{\"n\": 2}", "{\"id\": 1, \"n\": 3}", "no");
    try (Workspace workspace = project().open()) {
      TestRun.of(workspace);
      send("{\"id\": 1}", "{\"id\": 2, \"n\": 1}");
      assertThat(TestRun.task(TestRun.of(workspace), "events__rejected").message())
          .isEqualTo("new rows");
      assertThat(query(workspace, "main", "SELECT id, n FROM events ORDER BY id"))
          .hasToString("[[1, 3], [2, 1]]");
      assertThat(query(workspace, "main", "SELECT \"offset\" FROM events__rejected ORDER BY ALL"))
          .hasToString("[[1], [3], [4]]");
    }
  }

  @Test
  void aReplayTakesWhatWasRejectedAndGivesUpNothing() throws Exception {
    send("{\"id\": 1, \"n\": 2}", "{\"id\": 2, \"n\": 0.5}", "no");
    try (Workspace workspace = project().open()) {
      TestRun.of(workspace);
      project().write("tables/events.yaml", TOPIC.formatted("\"DECIMAL(9, 1)\""));
      send("{\"id\": 3, \"n\": 1.5}");
      assertThat(new TestRun().replay("events").in(workspace).commit()).isPresent();
      assertThat(query(workspace, "main", "SELECT id FROM events ORDER BY id"))
          .hasToString("[[1], [2], [3]]");
      assertThat(query(workspace, "main", "SELECT raw FROM events__rejected"))
          .hasToString("[[no]]");
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
        admin
            .deleteRecords(Map.of(new TopicPartition("events", 0), RecordsToDelete.beforeOffset(1)))
            .all()
            .get();
      }
      RunResult second = new TestRun().replay("events__rejected").in(workspace);
      assertThat(second.commit()).isEmpty();
      assertThat(TestRun.task(second, "events").message())
          .contains("Offsets 0 to 0 of partition 0 of the topic 'events' are gone");
      assertThat(query(workspace, "main", "SELECT count(*) FROM events")).hasToString("[[3]]");
    }
  }

  @Test
  void bothTablesReadWhatOneOfThemRead() throws Exception {
    send("{\"id\": 1, \"n\": 2}");
    try (Workspace workspace = project().open()) {
      TestRun.of(workspace);
      Graph graph = workspace.buildGraph(workspace.readProject(), Map.of());
      Node good = graph.find(TableName.parse("events")).orElseThrow();
      Node rejected = graph.find(TableName.parse("events__rejected")).orElseThrow();
      Task.External external = (Task.External) good.task().body();
      List<Position> upTo =
          workspace.connectors().positions(external, List.of(), false, Cancellation.never());
      try (StagedReads reads = new StagedReads(workspace)) {
        Staged first = reads.read(good, external, List.of(), upTo, Cancellation.never());
        reads.done(good);
        assertThat(first.files()).allMatch(java.nio.file.Files::exists);
        assertThat(reads.read(rejected, external, List.of(), upTo, Cancellation.never()))
            .isSameAs(first);
        reads.done(rejected);
        assertThat(first.files()).noneMatch(java.nio.file.Files::exists);
      }
    }
  }
}
