package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of topics whose messages are Avro. */
class AvroMessagesTest extends OnBroker {
  private static final String SCHEMA =
      "{\"type\": \"record\", \"name\": \"Click\", \"fields\": [{\"name\": \"id\", \"type\": \"long\"}%s]}";

  @BeforeEach
  void start() {
    connections("http://127.0.0.1:1");
  }

  private void connections(String registry) {
    connect(", schemas: {url: \"%s\"}".formatted(registry));
  }

  private void send(byte[]... messages) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (byte[] message : messages) {
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("clicks", 0, null, message);
      record.headers().add("trace", "t1".getBytes(StandardCharsets.UTF_8));
      records.add(record);
    }
    send(records);
  }

  @Test
  void theSchemaIsAPartOfTheCode() throws Exception {
    project()
        .write("schemas/click.avsc", SCHEMA.formatted(""))
        .write(
            "tables/clicks.yaml",
            "kafka: local\ntopic: clicks\nformat: avro\nschema: schemas/click.avsc\n");
    // 7, which is written doubled; bytes of which some are left; and 8.
    send(new byte[] {14}, new byte[] {14, 0}, new byte[] {16});
    try (Workspace workspace = project().open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      assertThat(
              query(workspace, "main", "SELECT id, headers ->> '$.trace' FROM clicks ORDER BY 1"))
          .hasToString("[[7, t1], [8, t1]]");
      assertThat(query(workspace, "main", "SELECT raw, reason, headers FROM clicks__rejected"))
          .hasToString(
              "[[\\x0e\\x00, not Avro of its schema: 1 bytes follow, {\"trace\":\"t1\"}]]");
      send(new byte[] {18});
      assertThat(TestRun.task(TestRun.of(workspace), "clicks").message()).isEqualTo("new rows");
      project()
          .write(
              "schemas/click.avsc",
              SCHEMA.formatted(
                  ", {\"name\": \"n\", \"type\": [\"null\", \"int\"], \"default\": null}"));
      assertThatThrownBy(() -> TestRun.of(workspace)).isInstanceOf(UndecidedException.class);
      assertThat(new TestRun().refresh("clicks", "clicks__rejected").in(workspace).isGood())
          .isTrue();
      // Only the one that was rejected is what the file says now.
      assertThat(
              query(
                  workspace,
                  "main",
                  "SELECT count(*), (SELECT count(*) FROM clicks) FROM clicks__rejected"))
          .hasToString("[[3, 1]]");
    }
  }

  @Test
  void aRegistryThatIsAwayPublishesNothing() throws Exception {
    project()
        .write(
            "tables/clicks.yaml",
            "kafka: local\ntopic: clicks\nformat: avro\nregistry: schemas\ncolumns: {id: BIGINT}\n");
    send(new byte[] {0, 0, 0, 0, 3, 14}, new byte[] {9});
    try (Workspace workspace = project().open()) {
      RunResult failed = TestRun.of(workspace);
      assertThat(failed.commit()).isEmpty();
      assertThat(TestRun.task(failed, "clicks").message())
          .contains("Cannot read the schema 3 from 'schemas': ");
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/schemas/ids/3",
        exchange -> {
          String text = SCHEMA.formatted("").replace("\"", "\\\"");
          byte[] answer = "{\"schema\": \"%s\"}".formatted(text).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    connections("http://127.0.0.1:" + server.getAddress().getPort());
    try (Workspace workspace = project().open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      assertThat(query(workspace, "main", "SELECT id FROM clicks")).hasToString("[[7]]");
      assertThat(query(workspace, "main", "SELECT raw FROM clicks__rejected"))
          .hasToString("[[\\x09]]");
    } finally {
      server.stop(0);
    }
  }
}
