package io.headrace.connector.kafka;

import static io.headrace.connector.kafka.ProtobufSamples.ALL;
import static io.headrace.connector.kafka.ProtobufSamples.TYPE;
import static io.headrace.connector.kafka.ProtobufSamples.bytes;
import static io.headrace.connector.kafka.ProtobufSamples.declared;
import static io.headrace.connector.kafka.ProtobufSamples.fields;
import static io.headrace.connector.kafka.ProtobufSamples.join;
import static io.headrace.connector.kafka.ProtobufSamples.message;
import static io.headrace.connector.kafka.ProtobufSamples.set;
import static io.headrace.connector.kafka.ProtobufSamples.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of values of Protobuf that Google's library wrote. */
class ProtobufFieldsTest {
  private static final Descriptor INNER = ALL.findNestedTypeByName("Inner");
  private static final EnumDescriptor COLOUR = ALL.findEnumTypeByName("Colour");

  private static void exact(String field, Object value, String type, String text) {
    assertThat(text(message(field, value).toByteArray(), field, type)).isEqualTo(text);
  }

  /** In the column that the schema asks for. */
  private static void exact(String field, Object value, String text) {
    exact(field, value, declared(field), text);
  }

  private static void inexact(String field, Object value, String type) {
    assertThat(text(message(field, value).toByteArray(), field, type))
        .startsWith("field '%s': '".formatted(field))
        .endsWith("' is not exactly a value of type " + type);
  }

  @ParameterizedTest
  @CsvSource({
    "double, DOUBLE, 0.0",
    "float, FLOAT, 0.0",
    "int32, INTEGER, 0",
    "int64, BIGINT, 0",
    "uint32, BIGINT, 0",
    "uint64, 'DECIMAL(20,0)', 0",
    "sint32, INTEGER, 0",
    "sint64, BIGINT, 0",
    "fixed32, BIGINT, 0",
    "fixed64, 'DECIMAL(20,0)', 0",
    "sfixed32, INTEGER, 0",
    "sfixed64, BIGINT, 0",
    "bool, BOOLEAN, false",
    "string, VARCHAR, ''",
    "bytes, VARCHAR, ''"
  })
  void whatIsNotThereIsNullOnlyIfThatIsTold(String type, String column, String initial) {
    byte[] none = new byte[0];
    assertThat(declared("s_" + type)).isEqualTo(column);
    assertThat(text(none, "s_" + type, column)).isEqualTo(initial);
    assertThat(text(none, "o_" + type, column)).isEqualTo("null");
    assertThat(text(none, "r_" + type, "VARCHAR")).isEqualTo("[]");
    FieldDescriptor told = ALL.findFieldByName("o_" + type);
    byte[] there =
        DynamicMessage.newBuilder(ALL).setField(told, told.getDefaultValue()).build().toByteArray();
    assertThat(text(there, "o_" + type, column)).isEqualTo(initial);
  }

  @Test
  void plainValues() {
    for (String kind : List.of("s_", "o_")) {
      exact(kind + "int32", -1, "-1");
      exact(kind + "int32", Integer.MIN_VALUE, "-2147483648");
      exact(kind + "sint32", Integer.MIN_VALUE, "-2147483648");
      exact(kind + "sfixed32", Integer.MIN_VALUE, "-2147483648");
      exact(kind + "uint32", -1, "4294967295");
      exact(kind + "fixed32", -1, "4294967295");
      exact(kind + "int64", Long.MIN_VALUE, "-9223372036854775808");
      exact(kind + "sint64", Long.MIN_VALUE, "-9223372036854775808");
      exact(kind + "sfixed64", Long.MAX_VALUE, "9223372036854775807");
      exact(kind + "uint64", -1L, "18446744073709551615");
      exact(kind + "fixed64", Long.MIN_VALUE, "9223372036854775808");
      exact(kind + "double", Double.MIN_VALUE, "4.9E-324");
      exact(kind + "float", 0.1f, "0.1");
      exact(kind + "double", Double.NaN, "NaN");
      exact(kind + "float", Float.NEGATIVE_INFINITY, "-Infinity");
      exact(kind + "bool", true, "true");
      exact(kind + "string", "é🎉\u0000\"", "é🎉\u0000\"");
      exact(kind + "bytes", ByteString.copyFrom(new byte[] {0, (byte) 0xff}), "\\x00\\xff");
      exact(kind + "float", 0.1f, "DOUBLE", Double.toString(0.1f));
      exact(kind + "uint64", 7L, "INTEGER", "7");
      inexact(kind + "uint64", -1L, "BIGINT");
      inexact(kind + "uint32", -1, "INTEGER");
      inexact(kind + "bool", true, "BIGINT");
      inexact(kind + "double", 1.5, "BIGINT");
    }
  }

  @Test
  void enumerationsAreTheirNames() {
    for (String field : List.of("colour", "maybe")) {
      exact(field, COLOUR.findValueByName("BELOW"), "BELOW");
      exact(field, COLOUR.findValueByName("LIME"), "GREEN");
      exact(field, COLOUR.findValueByNumberCreatingIfUnknown(77), "77");
      inexact(field, COLOUR.findValueByName("BELOW"), "INTEGER");
    }
    assertThat(text(new byte[0], "colour", "VARCHAR")).isEqualTo("RED");
    assertThat(text(new byte[0], "maybe", "VARCHAR")).isEqualTo("null");
  }

  @Test
  void ofAOneofTheLastIsThere() {
    DynamicMessage inner = set(DynamicMessage.newBuilder(INNER), "n", 5L).build();
    byte[] a = message("a", 7L).toByteArray();
    byte[] b = message("b", "x").toByteArray();
    byte[] c = message("c", inner).toByteArray();
    assertThat(text(join(a, b), "a", "BIGINT")).isEqualTo("null");
    assertThat(text(join(a, b), "b", "VARCHAR")).isEqualTo("x");
    assertThat(text(join(b, c, a), "a", "BIGINT")).isEqualTo("7");
    assertThat(text(join(b, c, a), "c", "VARCHAR")).isEqualTo("null");
    byte[] more =
        message("c", set(DynamicMessage.newBuilder(INNER), "b", true).build()).toByteArray();
    assertThat(text(join(c, more), "c", "VARCHAR")).isEqualTo("{\"n\":5,\"b\":true,\"f\":[]}");
    assertThat(text(join(c, a, more), "c", "VARCHAR")).isEqualTo("{\"n\":0,\"b\":true,\"f\":[]}");
    assertThat(text(message("a", 0L).toByteArray(), "a", "BIGINT")).isEqualTo("0");
  }

  @Test
  void whatIsNestedIsJson() {
    DynamicMessage inner =
        set(DynamicMessage.newBuilder(INNER), "f", List.of(0.1f, Float.NaN)).build();
    exact("inner", inner, "{\"n\":0,\"f\":[0.1,\"NaN\"]}");
    exact(
        "inners",
        List.of(inner, DynamicMessage.getDefaultInstance(INNER)),
        "[{\"n\":0,\"f\":[0.1,\"NaN\"]},{\"n\":0,\"f\":[]}]");
    exact("r_uint64", List.of(-1L, 0L), "[18446744073709551615,0]");
    exact("u_sint64", List.of(-1L, 0L), "[-1,0]");
    exact("r_bytes", List.of(ByteString.copyFromUtf8("a")), "[\"\\\\x61\"]");
    exact("colours", List.of(COLOUR.findValueByName("GREEN")), "[\"GREEN\"]");
    inexact("r_int32", List.of(1), "INTEGER");
    exact(
        "numbers",
        List.of(entry("numbers", -3, 1.5), entry("numbers", 0, 1e300)),
        "{\"-3\":1.5,\"0\":1.0E300}");
    exact(
        "by_name",
        List.of(entry("by_name", "a\"", inner)),
        "{\"a\\\"\":{\"n\":0,\"f\":[0.1,\"NaN\"]}}");
    exact(
        "flags",
        List.of(entry("flags", true, COLOUR.findValueByName("RED"))),
        "{\"true\":\"RED\"}");
    // What is left out of an entry has its initial value, and the last of a key counts.
    assertThat(text(bytes("b202 00 b202 02 0a00"), "by_name", "VARCHAR")).startsWith("not");
    assertThat(text(bytes("a202 00"), "by_name", "VARCHAR")).isEqualTo("{\"\":{\"n\":0,\"f\":[]}}");
    assertThat(text(bytes("a202 00 a202 06 1202 0802 0a00"), "by_name", "VARCHAR"))
        .isEqualTo("{\"\":{\"n\":1,\"f\":[]}}");
    assertThat(text(new byte[0], "by_name", "VARCHAR")).isEqualTo("{}");
    assertThat(text(new byte[0], "inner", "VARCHAR")).isEqualTo("null");
  }

  private static DynamicMessage entry(String field, Object key, Object value) {
    Descriptor type = ALL.findFieldByName(field).getMessageType();
    return set(set(DynamicMessage.newBuilder(type), "key", key), "value", value).build();
  }

  @Test
  void typesThatEverybodyKnows() {
    exact("at", timestamp(0, 0), "TIMESTAMPTZ", "1970-01-01T00:00Z");
    exact("at", timestamp(-1, 999_999_000), "TIMESTAMPTZ", "1969-12-31T23:59:59.999999Z");
    exact("at", timestamp(253_402_300_799L, 0), "TIMESTAMPTZ", "9999-12-31T23:59:59Z");
    exact("at", timestamp(0, 1), "VARCHAR", "1970-01-01T00:00:00.000000001Z");
    inexact("at", timestamp(0, 1), "TIMESTAMPTZ");
    inexact("at", timestamp(0, 0), "TIMESTAMP");
    for (Timestamp wrong :
        List.of(
            timestamp(253_402_300_800L, 0),
            timestamp(Long.MIN_VALUE, 0),
            timestamp(0, -1),
            timestamp(0, 1_000_000_000))) {
      assertThat(text(message("at", wrong).toByteArray(), "at", "TIMESTAMPTZ"))
          .startsWith("not Protobuf of its schema: a timestamp is of ");
    }
    assertThat(declared("took")).isEqualTo("DECIMAL(21,9)");
    exact("took", duration(1, 500_000_000), "1.5");
    exact("took", duration(-315_576_000_000L, -999_999_999), "-315576000000.999999999");
    exact("took", duration(0, 0), "0");
    exact("took", duration(60, 0), "BIGINT", "60");
    inexact("took", duration(0, 1), "BIGINT");
    for (Duration wrong :
        List.of(duration(315_576_000_001L, 0), duration(1, -1), duration(0, 1_000_000_000))) {
      assertThat(text(message("took", wrong).toByteArray(), "took", "VARCHAR"))
          .startsWith("not Protobuf of its schema: a duration is of ");
    }
    exact("times", List.of(timestamp(0, 0)), "[\"1970-01-01T00:00Z\"]");
    assertThat(declared("wrapped")).isEqualTo("BIGINT");
    exact("wrapped", Int64Value.of(Long.MIN_VALUE), "-9223372036854775808");
    exact("wrapped", Int64Value.of(0), "0");
    exact("text", StringValue.of(""), "");
    exact("ratio", FloatValue.of(0.1f), "DOUBLE", Double.toString(0.1f));
    exact("d", UInt64Value.of(-1), "18446744073709551615");
    assertThat(text(new byte[0], "wrapped", "BIGINT")).isEqualTo("null");
    Value list =
        Value.newBuilder()
            .setListValue(
                ListValue.newBuilder()
                    .addValues(Value.newBuilder().setNullValue(NullValue.NULL_VALUE))
                    .addValues(Value.newBuilder().setNumberValue(1.5))
                    .addValues(Value.newBuilder().setBoolValue(true))
                    .addValues(Value.getDefaultInstance()))
            .build();
    exact("any", list, "[null,1.5,true,null]");
    exact("any", Value.newBuilder().setStringValue("a").build(), "\"a\"");
    exact("many", list.getListValue(), "[null,1.5,true,null]");
    exact(
        "extra", Struct.newBuilder().putFields("k", list).build(), "{\"k\":[null,1.5,true,null]}");
    exact("extra", Struct.getDefaultInstance(), "{}");
  }

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  /** Whatever Google's library writes is what it wrote. */
  @Test
  void randomMessagesAreWhatWasWritten() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    String[] columns =
        ALL.getFields().stream().map(f -> f.getName() + " VARCHAR").toArray(String[]::new);
    ProtobufFields fields = fields(TYPE, columns);
    for (int i = 0; i < 1_000; i++) {
      DynamicMessage message = new RandomMessages(random).next(ALL, 3);
      assertThat(fields.read(message.toByteArray())).as("seed %d", seed).isNull();
      Map<String, String> expected = new TreeMap<>();
      Map<String, String> found = new TreeMap<>();
      for (int c = 0; c < columns.length; c++) {
        FieldDescriptor field = ALL.getFields().get(c);
        expected.put(field.getName(), String.valueOf(RandomMessages.text(message, field)));
        found.put(field.getName(), String.valueOf(fields.text(c)));
      }
      assertThat(found).as("seed %d", seed).isEqualTo(expected);
    }
  }
}
