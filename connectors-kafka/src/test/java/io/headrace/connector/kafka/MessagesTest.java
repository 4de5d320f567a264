package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Source;
import io.headrace.error.HeadraceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What becomes of messages, good and bad ones. */
class MessagesTest extends OnBroker {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The rows of messages, from the key on. */
  private List<String> rows(List<String> messages, String... columns) throws Exception {
    String topic = topic();
    broker().send(topic, 0, messages.toArray(String[]::new));
    return new Reading(root, broker().bootstrap()).all(topic, columns);
  }

  @Test
  void fieldsBecomeColumns() throws Exception {
    assertThat(
            rows(
                List.of(
                    "{\"id\": 7, \"name\": \"Ada, \\\"the\\\"\\nfirst\", \"other\": [1, {\"id\": 8}]}",
                    " {\"name\": \"\", \"id\": null} ",
                    "{}",
                    "{\"name\": {\"a\": [1, \"é\"]}, \"id\": 9007199254740993}",
                    "{\"name\": 1.50, \"id\": \"12\"}",
                    "{\"name\": \"nul\\u0000l 🎉\"}"),
                "id BIGINT",
                "name VARCHAR"))
        .containsExactly(
            "null | 7 | Ada, \"the\"\nfirst | null | null",
            "null | null |  | null | null",
            "null | null | null | null | null",
            "null | 9007199254740993 | {\"a\": [1, \"é\"]} | null | null",
            "null | 12 | 1.50 | null | null",
            "null | null | nul\u0000l 🎉 | null | null");
  }

  @Test
  void whatIsNoObjectIsKeptWithTheReason() throws Exception {
    List<String> rows =
        rows(
            List.of(
                "",
                "nonsense",
                "[1]",
                "7",
                "{\"id\": 1",
                "{\"id\": 1} {}",
                "{\"id\": 1, \"id\": 2}"),
            "id BIGINT");
    assertThat(rows).hasSize(7).allMatch(row -> row.startsWith("null | null | "));
    assertThat(rows.get(0)).isEqualTo("null | null | empty | ");
    assertThat(rows.get(1)).contains("| not JSON: ").endsWith(" | nonsense");
    assertThat(rows.get(2)).isEqualTo("null | null | no JSON object | [1]");
    assertThat(rows.get(3)).isEqualTo("null | null | no JSON object | 7");
    assertThat(rows.get(4)).contains("| not JSON: ").endsWith(" | {\"id\": 1");
    assertThat(rows.get(5))
        .isEqualTo("null | null | not JSON: something follows the object | {\"id\": 1} {}");
    assertThat(rows.get(6))
        .isEqualTo("null | null | field 'id' is there twice | {\"id\": 1, \"id\": 2}");
  }

  @Test
  void keysTombstonesAndBytes() throws Exception {
    broker().topic("bytes", 1, Map.of("message.timestamp.after.max.ms", "" + Long.MAX_VALUE));
    broker().send("bytes", 0, bytes("k"), null, 0L);
    broker()
        .send("bytes", 0, new byte[] {(byte) 0xff, 1}, bytes("{\"id\": 1}"), 1_767_225_600_007L);
    broker().send("bytes", 0, bytes(""), new byte[] {(byte) 0xc3, '('}, Long.MAX_VALUE);
    Reading reading = new Reading(root, broker().bootstrap());
    assertThat(reading.all("bytes", "id BIGINT"))
        .containsExactly(
            "k | null | null | null",
            "\\xff\\x01 | 1 | null | null",
            " | null | not UTF-8; `raw::BLOB` has its bytes | \\xc3\\x28");
    try (Source source = reading.text("bytes")) {
      List<List<Object>> rows = reading.rows(source, List.of(), source.positions());
      assertThat(rows.get(0).get(2)).hasToString("1970-01-01T00:00Z");
      assertThat(rows.get(1).get(2)).hasToString("2026-01-01T00:00:00.007Z");
      assertThat(String.valueOf(rows.get(0).get(5))).isEqualTo("null");
      assertThat(rows.get(1).get(5)).isEqualTo("{\"id\": 1}");
      assertThat(String.valueOf(rows.get(2).get(5))).isEqualTo("null");
      // No time of this age.
      assertThat(String.valueOf(rows.get(2).get(2))).isEqualTo("null");
    }
  }

  /** Each type with values that it has exactly, and with some that are nearly values of it. */
  @Test
  void valuesAreExactlyThoseOfTheMessageOrErrors() throws Exception {
    exact("BIGINT", "9223372036854775807=9223372036854775807", "-1=-1", "1.0=1", "\"7\"=7");
    inexact("BIGINT", "9223372036854775808", "1.5", "1e3", "\"\"", "\"x\"", "true", "[1]", "{}");
    exact("INTEGER", "2147483647=2147483647", "-2147483648=-2147483648");
    inexact("INTEGER", "2147483648", "-2147483649", "99999999999999999999999");
    exact("SMALLINT", "-32768=-32768");
    inexact("SMALLINT", "32768");
    exact("TINYINT", "127=127");
    inexact("TINYINT", "128");
    exact("BOOLEAN", "true=true", "\"false\"=false");
    inexact("BOOLEAN", "1", "\"yes\"", "\"TRUE\"");
    exact(
        "DOUBLE",
        "1.5=1.5",
        "1e300=1.0E300",
        "\"NaN\"=NaN",
        "1e-400=0.0",
        "4.9e-324=4.9E-324",
        "7=7.0");
    inexact("DOUBLE", "1e400", "\"inf\"", "\"0x1p3\"", "\"1d\"");
    exact("FLOAT", "1.5=1.5");
    inexact("FLOAT", "1e39");
    exact(
        "DECIMAL(5, 2)",
        "123.45=123.45",
        "1.500=1.50",
        "\"-999.99\"=-999.99",
        "1e2=100.00",
        "0=0.00");
    inexact("DECIMAL(5, 2)", "1234", "1.234", "1e999999999", "1e-999999999", "\"1,5\"");
    exact("DATE", "\"2024-02-29\"=2024-02-29", "\"0001-01-01\"=0001-01-01");
    inexact(
        "DATE",
        "\"2026-02-29\"",
        "\"2026-13-01\"",
        "\"2026-1-1\"",
        "\"0000-01-01\"",
        "20260101",
        "\"2026-01-01T00:00:00\"");
    exact("TIME", "\"23:59:59.123456\"=23:59:59.123456");
    inexact("TIME", "\"24:00\"", "\"23:59:60\"", "\"1:00\"");
    exact(
        "TIMESTAMP",
        "\"2026-01-31T12:00:00.5\"=2026-01-31T12:00:00.500",
        "\"2026-01-31 12:00\"=2026-01-31T12:00");
    inexact(
        "TIMESTAMP",
        "\"2026-01-31T12:00:00Z\"",
        "\"2026-01-31T12:00:00+02:00\"",
        "\"2026-01-31\"",
        "\"2026-01-31T12:00:00.1234567\"",
        "1767225600");
    exact(
        "TIMESTAMPTZ",
        "\"2026-01-31T12:00:00Z\"=2026-01-31T12:00Z",
        "\"2026-01-31T12:00:00.123456000+02:00\"=2026-01-31T10:00:00.123456Z",
        "\"2026-01-01T00:00-0130\"=2026-01-01T01:30Z");
    inexact(
        "TIMESTAMPTZ",
        "\"2026-01-31T12:00:00\"",
        "\"2026-01-31T12:00:00+25:00\"",
        "\"0001-01-01T00:00:00+01:00\"",
        "\"now\"",
        "0");
    exact("UUID", "\"123e4567-e89b-12d3-a456-426614174000\"=123e4567-e89b-12d3-a456-426614174000");
    inexact("UUID", "\"123e4567\"", "1");
    inexact("VARCHAR", "\"\\ud83d\"");
  }

  private void exact(String type, String... cases) throws Exception {
    List<String> messages = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String each : cases) {
      int at = each.lastIndexOf('=');
      messages.add("{\"v\": " + each.substring(0, at) + "}");
      expected.add("null | " + each.substring(at + 1) + " | null | null");
    }
    assertThat(rows(messages, "v " + type)).as(type).isEqualTo(expected);
  }

  private void inexact(String type, String... values) throws Exception {
    List<String> messages = new ArrayList<>();
    for (String value : values) {
      messages.add("{\"v\": " + value + "}");
    }
    List<String> rows = rows(messages, "v " + type);
    assertThat(rows).as(type).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(rows.get(i))
          .startsWith("null | null | field 'v'")
          .endsWith(" | " + messages.get(i));
    }
  }

  @Test
  void refusesTypesThatNoValueIsCertainlyOf() {
    for (String type :
        List.of(
            "BLOB",
            "STRUCT(a INTEGER)",
            "INTEGER[]",
            "MAP(VARCHAR, INTEGER)",
            "DECIMAL(39, 0)",
            "UBIGINT")) {
      assertThatThrownBy(() -> open(Map.of(), "v " + type))
          .as(type)
          .hasMessageContaining("Column 'v' cannot have the type " + type);
    }
    assertThatThrownBy(() -> open(Map.of(), "Key VARCHAR"))
        .hasMessageContaining("'Key', which is a column of every topic");
    assertThatThrownBy(() -> open(Map.of())).hasMessageContaining("has no `columns`");
    assertThatThrownBy(() -> open(Map.of("start", "yesterday"), "v VARCHAR"))
        .hasMessage("Cannot read `start: yesterday`")
        .isInstanceOf(HeadraceException.class);
  }

  @Test
  void headersAreAnObjectThatLosesNone() throws Exception {
    broker().topic("headed", 1, Map.of());
    ProducerRecord<byte[], byte[]> message = TestBroker.message("headed", 0, "{\"id\": 1}");
    message
        .headers()
        .add("trace", bytes("a \"b\" é"))
        .add("hop", bytes("1"))
        .add("bytes", new byte[] {(byte) 0xff, 0})
        .add("hop", bytes("2"))
        .add("none", null)
        .add("", bytes(""));
    broker().send(message);
    broker().send("headed", 0, "{\"id\": 2}");
    ProducerRecord<byte[], byte[]> bad = TestBroker.message("headed", 0, "no JSON");
    bad.headers().add("trace", bytes("c"));
    broker().send(bad);
    Reading reading = new Reading(root, broker().bootstrap());
    try (Source source = reading.open("headed", Map.of(), "id BIGINT")) {
      assertThat(
              reading.rows(source, List.of(), source.positions()).stream()
                  .map(row -> String.valueOf(row.get(4))))
          .containsExactly(
              "{\"trace\":\"a \\\"b\\\" é\",\"hop\":[\"1\",\"2\"],\"bytes\":\"\\\\xff\\\\x00\","
                  + "\"none\":null,\"\":\"\"}",
              "null",
              "{\"trace\":\"c\"}");
    }
  }

  private void open(Map<String, String> settings, String... columns) {
    new Reading(root, "127.0.0.1:1").open("any", settings, columns).close();
  }
}
