package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Source;
import io.headrace.error.HeadraceException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Topics whose messages are Protobuf, with a schema in the project and with a registry. */
class ProtobufTopicTest extends OnRegistry {
  private static final String SHOP =
      """
      syntax = "proto3";
      package shop;
      import "money.proto";
      message Click {
        int64 id = 1;
        optional string note = 2;
        Money price = 3;
        message Part { message Screw { uint64 size = 1; } }
      }
      message Order { int64 id = 1; }
      """;
  private static final String MONEY =
      """
      syntax = "proto3";
      package shop;
      message Money { string currency = 1; sint64 cents = 2; }
      """;
  private static final Map<String, String> CLICKS =
      Map.of(
          "format",
          "protobuf",
          "schema",
          SHOP,
          "message",
          "shop.Click",
          "import money.proto",
          MONEY);

  ProtobufTopicTest() {
    super("protobuf");
  }

  private String messages(String... hex) throws Exception {
    return topic(Stream.of(hex).map(ProtobufSamples::bytes).toArray(byte[][]::new));
  }

  @Test
  void aSchemaOfTheProjectIsThatOfTheMessages() throws Exception {
    String topic = messages("0807 1202c3a9 1a07 0a03455552 1003", "", "0807 12");
    try (Source source = reading().open(topic, CLICKS)) {
      assertThat(source.columns().stream().map(c -> c.name() + " " + c.type()))
          .contains("id BIGINT", "note VARCHAR", "price VARCHAR");
      assertThat(reading().all(source))
          .containsExactly(
              "null | 7 | é | {\"currency\":\"EUR\",\"cents\":-2} | null | null",
              "null | 0 | null | null | null | null",
              "null | null | null | null | not Protobuf of its schema: 1 bytes are missing at its"
                  + " end | \\x08\\x07\\x12");
    }
    try (Source source = reading().open(topic, CLICKS, "id INTEGER")) {
      assertThat(reading().all(source).get(0)).isEqualTo("null | 7 | null | null");
    }
  }

  @Test
  void numbersWithoutSignsAreKept() throws Exception {
    String text =
        "syntax = 'proto3'; import 'google/protobuf/duration.proto';"
            + " message N { uint64 n = 1; google.protobuf.Duration d = 2; }";
    String topic =
        messages("08ffffffffffffffffff01 1208 083c 1080cab5ee01", "1209 08ffffffffffffffffff01");
    try (Source source = reading().open(topic, Map.of("format", "protobuf", "schema", text))) {
      assertThat(source.columns().stream().map(c -> c.name() + " " + c.type()))
          .contains("n DECIMAL(20,0)", "d DECIMAL(21,9)");
      assertThat(reading().all(source).get(0))
          .isEqualTo("null | 18446744073709551615 | 60.500000000 | null | null");
    }
  }

  @Test
  void aRegistryKnowsWhatEachMessageWasWrittenWith() throws Exception {
    String money =
        "\"schemaType\": \"PROTOBUF\", \"references\": [{\"name\": \"money.proto\", \"subject\":"
            + " \"money\", \"version\": 2}], ";
    registry().put(1, SHOP, money);
    registry().put("/subjects/money/versions/2", MONEY, "\"schemaType\": \"PROTOBUF\", ");
    String topic =
        messages(
            "00 00000001 00 0807",
            "00 00000001 0200 0808",
            "00 00000001 0202 0809",
            "00 00000001 06000000 08ffffffffffffffffff01",
            "00 00000001 0208 0809",
            "00 00000001 01",
            "00 00000001",
            "01 00000001 00 0807",
            "00 00000001 00 0a");
    String none = "null | null | null | null | ";
    String bad = "not Protobuf of its schema: ";
    try (Source source =
        open(topic, registry().settings(), "id BIGINT", "note VARCHAR", "size DECIMAL(20,0)")) {
      List<String> rows = reading().all(source);
      assertThat(rows.subList(0, 4))
          .containsExactly(
              "null | 7 | null | null | null | null",
              "null | 8 | null | null | null | null",
              "null | 9 | null | null | null | null",
              "null | null | null | 18446744073709551615 | null | null");
      assertThat(rows.subList(4, 9).stream().map(row -> row.replaceFirst(" \\| [^|]*$", "")))
          .containsExactly(
              none + bad + "it has no message with the numbers [4]",
              none + bad + "no number of a type is 1",
              none + bad + "1 bytes are missing at its end",
              none + SchemaRegistry.NOT_WRITTEN_WITH,
              none + bad + "field 'id': it is written as wire type 2, and its type as 0");
    }
    assertThat(registry().asked())
        .containsExactlyInAnyOrder("/schemas/ids/1", "/subjects/money/versions/2");
    // The types of other messages are told apart, with a schema of the project as well.
    for (Map<String, String> settings :
        List.of(CLICKS, Map.of("format", "protobuf", "message", "Click"))) {
      try (Source source = reading().open(topic, registry().settings(), settings, "id BIGINT")) {
        assertThat(
                reading().all(source).subList(1, 4).stream().map(row -> row.split(" \\| ", -1)[2]))
            .containsExactly(
                "null",
                "a message of the type 'shop.Order', and not '%s'"
                    .formatted(settings.get("message")),
                "a message of the type 'shop.Click.Part.Screw', and not '%s'"
                    .formatted(settings.get("message")));
      }
    }
  }

  @Test
  void withoutAnAnswerNothingIsSaidOfMessages() throws Exception {
    String topic = messages("00 00000008 00 0807");
    fails(topic, "Cannot read the schema 8 from 'schemas': it answers 404");
    registry().put(8, SHOP, "");
    fails(topic, "it is of type AVRO");
    String protobuf = "\"schemaType\": \"PROTOBUF\", ";
    registry().put(8, "message A {", protobuf);
    fails(topic, "it is no schema of Protocol Buffers: 1:12: expected a word, found the end");
    registry().put(8, SHOP, protobuf);
    fails(topic, "the type 'Money' is not known, and these imports are not found: money.proto");
    registry().put(8, "message A {".repeat(100_000), protobuf);
    fails(topic, "messages are in each other more than 100 times");
    registry().put(8, SHOP.replace("Money price = 3;", ""), protobuf);
    try (Source source = open(topic, registry().settings(), "id BIGINT")) {
      assertThat(reading().all(source)).containsExactly("null | 7 | null | null");
    }
    registry().close();
    fails(topic, "Cannot read the schema 8 from 'schemas': ");
  }

  private void fails(String topic, String message) {
    fails(topic, registry().settings(), message);
  }

  @Test
  void refusesSchemasThatAreNone() {
    refuses("{}", "", "Cannot read the `schema` of the topic 'any': 1:1: expected a message");
    refuses(SHOP, "Click", "the type 'Money' is not known, and these imports are not found");
    String two = "syntax = 'proto3'; message Click { int64 id = 1; } message Order {}";
    refuses(two, "", "The `schema` of the topic 'any' has several messages: Click, Order");
    refuses(two, "Clack", "The `schema` of the topic 'any' has no message 'Clack'");
    refuses(two, "Click", "The schema 'Click' has no field 'ids'");
    refuses(two, "Order", "The schema 'Order' has no field 'ids'");
  }

  private void refuses(String schema, String message, String reason) {
    Map<String, String> settings =
        message.isEmpty()
            ? Map.of("format", "protobuf", "schema", schema)
            : Map.of("format", "protobuf", "schema", schema, "message", message);
    assertThatThrownBy(() -> reading().open("any", settings, "ids BIGINT").close())
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(((HeadraceException) e).hint()).isNotEmpty());
  }
}
