package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Setting;
import io.headrace.connector.Source;
import io.headrace.error.HeadraceException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** Topics whose messages are Avro, with a schema in the project and with a registry. */
class AvroTopicTest extends OnRegistry {
  private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";
  private static final String NOTE =
      "{\"name\": \"note\", \"type\": \"string\", \"default\": \"none\"}";
  private static final Schema OLD = AvroFieldsTest.record(ID);
  private static final Schema NEW = AvroFieldsTest.record(NOTE, ID);

  AvroTopicTest() {
    super("avro");
  }

  private static byte[] withId(int id, byte[] message) {
    return ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(id).put(message).array();
  }

  @Test
  void aSchemaOfTheProjectIsThatOfTheMessages() throws Exception {
    String topic =
        topic(
            AvroFieldsTest.encoded(NEW, "é", 7L),
            AvroFieldsTest.encoded(OLD, 1L),
            new byte[] {2, (byte) 0xff, 2});
    Map<String, String> settings = Map.of("format", "avro", "schema", NEW.toString());
    try (Source source = reading().open(topic, settings)) {
      assertThat(source.columns().stream().map(c -> c.name() + " " + c.type()))
          .contains("note VARCHAR", "id BIGINT");
      assertThat(reading().all(source))
          .containsExactly(
              "null | é | 7 | null | null",
              "null | null | null | not Avro of its schema: 1 bytes are missing at its end | \\x02",
              "null | null | null | not Avro of its schema: a text is not UTF-8 | \\x02\\xff\\x02");
    }
    try (Source source = reading().open(topic, settings, "id INTEGER")) {
      assertThat(reading().all(source).get(0)).isEqualTo("null | 7 | null | null");
    }
    try (Source source =
        reading()
            .open(
                topic,
                Map.of("format", "avro", "schema", NEW.toString(), "raw", "kept"),
                "id INTEGER")) {
      assertThat(reading().all(source).get(0)).isEqualTo("null | 7 | null | \\x04\\xc3\\xa9\\x0e");
    }
  }

  @Test
  void aRegistryKnowsWhatEachMessageWasWrittenWith() throws Exception {
    registry().put(1, OLD.toString(), "");
    registry().put(70_000, NEW.toString(), "\"schemaType\": \"AVRO\", \"other\": {\"a\": [1]}, ");
    String topic =
        topic(
            withId(1, AvroFieldsTest.encoded(OLD, 1L)),
            withId(70_000, AvroFieldsTest.encoded(NEW, "b", 2L)),
            withId(1, AvroFieldsTest.encoded(OLD, 3L)),
            withId(1, new byte[0]),
            new byte[] {1, 0, 0, 0, 1, 2},
            new byte[] {0, 0});
    String noHeader =
        "not written with a schema registry: it does not begin with 0 and the id of a schema";
    List<String> rejected =
        List.of(
            "null | null | null | not Avro of its schema: 1 bytes are missing at its end"
                + " | \\x00\\x00\\x00\\x00\\x01",
            "null | null | null | " + noHeader + " | \\x01\\x00\\x00\\x00\\x01\\x02",
            "null | null | null | " + noHeader + " | \\x00\\x00");
    try (Source source = open(topic, registry().settings(), "id BIGINT", "note VARCHAR")) {
      List<String> rows = reading().all(source);
      assertThat(rows.subList(0, 3))
          .containsExactly(
              "null | 1 | null | null | null",
              "null | 2 | b | null | null",
              "null | 3 | null | null | null");
      assertThat(rows.subList(3, 6)).isEqualTo(rejected);
    }
    assertThat(registry().asked())
        .containsExactlyInAnyOrder("/schemas/ids/1", "/schemas/ids/70000");
    // A schema of the project has what older messages do not.
    try (Source source =
        reading()
            .open(
                topic, registry().settings(), Map.of("format", "avro", "schema", NEW.toString()))) {
      assertThat(reading().all(source).subList(0, 2))
          .containsExactly("null | none | 1 | null | null", "null | b | 2 | null | null");
    }
  }

  @Test
  void schemasMayNameOthers() throws Exception {
    Schema outer =
        new Schema.Parser()
            .parse(
                "{\"type\": \"record\", \"name\": \"O\", \"fields\": [{\"name\": \"in\", \"type\": "
                    + OLD
                    + "}]}");
    registry()
        .put(
            5,
            "{\"type\": \"record\", \"name\": \"O\", \"fields\": [{\"name\": \"in\", \"type\": \"R\"}]}",
            "\"references\": [{\"name\": \"R\", \"subject\": \"shop/r 1\", \"version\": 3}], ");
    registry().put("/subjects/shop%2Fr%201/versions/3", OLD.toString(), "");
    GenericData.Record inner = new GenericData.Record(OLD);
    inner.put("id", 9L);
    String topic = topic(withId(5, AvroFieldsTest.encoded(outer, inner)));
    try (Source source = open(topic, registry().settings(), "in VARCHAR")) {
      assertThat(reading().all(source)).containsExactly("null | {\"id\":9} | null | null");
    }
  }

  @Test
  void withoutAnAnswerNothingIsSaidOfMessages() throws Exception {
    String topic = topic(withId(8, AvroFieldsTest.encoded(OLD, 1L)));
    fails(topic, registry().settings(), "Cannot read the schema 8 from 'schemas': it answers 404");
    registry().put(8, "{}", "");
    fails(topic, registry().settings(), "it is no schema of Avro");
    registry().put(8, "syntax = ...", "\"schemaType\": \"PROTOBUF\", ");
    fails(topic, registry().settings(), "it is of type PROTOBUF");
    registry().put(8, OLD.toString(), "");
    registry().require("ada");
    fails(topic, registry().settings(), "it answers 401");
    Map<String, Setting> user = new HashMap<>(registry().settings());
    user.put("user", new Setting.Plain("ada"));
    user.put("password", new Setting.FromEnvironment("SECRET"));
    try (Source source = open(topic, user, "id BIGINT")) {
      assertThat(reading().all(source)).containsExactly("null | 1 | null | null");
    }
    long began = System.nanoTime();
    TestRegistry slow = new TestRegistry();
    slow.put(8, OLD.toString(), "");
    slow.stall();
    fails(topic, slow.settings(), "it does not answer");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    slow.close();
    registry().close();
    fails(topic, registry().settings(), "Cannot read the schema 8 from 'schemas': ");
  }

  @Test
  void refusesSettingsThatHaveNoMeaning() {
    Setting url = new Setting.Plain("http://127.0.0.1:1");
    refuses(Map.of(), "The connection 'schemas' has no `url` of a schema registry");
    for (String wrong :
        List.of("http://a:b@c", "http://a b", "http://a_b:c", "ftp://a", "http:/a")) {
      refuses(Map.of("url", new Setting.Plain(wrong)), "has no `url`");
    }
    refuses(Map.of("url", url, "user", url), "has one of `user` and `password`");
    refuses(Map.of("url", url, "user", url, "password", url), "is written in the project");
    refuses(Map.of("url", url, "proxy", url), "'proxy' is not allowed");
    assertThatThrownBy(
            () ->
                reading()
                    .open("any", Map.of("format", "avro", "schema", NEW.toString()), "nite VARCHAR")
                    .close())
        .isInstanceOf(HeadraceException.class)
        .hasMessage("The schema 'R' has no field 'nite'")
        .satisfies(e -> assertThat(((HeadraceException) e).hint()).contains("'note'"));
    for (String schema : List.of("{}", "\"string\"", "none")) {
      assertThatThrownBy(
              () -> reading().open("any", Map.of("format", "avro", "schema", schema)).close())
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("`schema` of the topic 'any'");
    }
  }

  private void refuses(Map<String, Setting> settings, String message) {
    assertThatThrownBy(() -> open("any", settings, "id BIGINT").close())
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining(message);
  }
}
