package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of topics whose messages are Protobuf. */
class ProtobufMessagesTest extends OnBroker {
  private static final String CLICK =
      "syntax = \"proto3\"; import \"common/kind.proto\"; // and import \"old.proto\";\n"
          + "message Click { int64 id = 1; common.Kind kind = 2; uint64 size = 3; %s}";
  private static final String KIND =
      "syntax = \"proto3\"; package common; enum Kind { NONE = 0; %s = 1; }";

  @BeforeEach
  void start() {
    project()
        .write("schemas/common/kind.proto", KIND.formatted("BIG"))
        .write("schemas/web/click.proto", CLICK.formatted(""))
        .write(
            "tables/clicks.yaml",
            "kafka: local\ntopic: clicks\nformat: protobuf\nschema: schemas/web/click.proto\n");
  }

  private void send(String... messages) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String message : messages) {
      byte[] value = HexFormat.of().parseHex(message);
      records.add(new ProducerRecord<>("clicks", 0, null, value));
    }
    send(records);
  }

  @Test
  void theSchemaAndItsImportsAreAPartOfTheCode() throws Exception {
    send("08071001", "08", "080810021801", "18ffffffffffffffffff01");
    try (Workspace workspace = project().open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      String rows = "SELECT id, kind, size FROM clicks ORDER BY \"offset\"";
      assertThat(query(workspace, "main", rows))
          .hasToString("[[7, BIG, 0], [8, 2, 1], [0, NONE, 18446744073709551615]]");
      assertThat(query(workspace, "main", "SELECT raw, reason FROM clicks__rejected"))
          .hasToString("[[\\x08, not Protobuf of its schema: 1 bytes are missing at its end]]");
      send("0809");
      assertThat(TestRun.task(TestRun.of(workspace), "clicks").message()).isEqualTo("new rows");
      // A file that is imported, and then the file itself.
      project().write("schemas/common/kind.proto", KIND.formatted("LARGE"));
      assertThatThrownBy(() -> TestRun.of(workspace)).isInstanceOf(UndecidedException.class);
      assertThat(new TestRun().refresh("clicks", "clicks__rejected").in(workspace).isGood())
          .isTrue();
      assertThat(query(workspace, "main", "SELECT kind FROM clicks WHERE id = 7"))
          .hasToString("[[LARGE]]");
      project().write("schemas/web/click.proto", CLICK.formatted("optional bool b = 9; "));
      assertThatThrownBy(() -> TestRun.of(workspace)).isInstanceOf(UndecidedException.class);
      assertThat(new TestRun().refresh("clicks", "clicks__rejected").in(workspace).isGood())
          .isTrue();
      assertThat(query(workspace, "main", "SELECT count(*), count(b) FROM clicks"))
          .hasToString("[[4, 0]]");
    }
  }

  @Test
  void anImportThatIsNotThereIsAnError() throws Exception {
    project().write("schemas/web/click.proto", CLICK.formatted("Lost lost = 4; "));
    send("0807");
    try (Workspace workspace = project().open()) {
      RunResult failed = TestRun.of(workspace);
      assertThat(failed.commit()).isEmpty();
      assertThat(TestRun.task(failed, "clicks").message())
          .contains("Cannot read the `schema` of the topic 'clicks': 2:")
          .contains("the type 'Lost' is not known");
    }
  }
}
