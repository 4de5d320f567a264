package io.headrace.connector.kafka;

import static java.util.Objects.requireNonNull;
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
import com.sun.management.ThreadMXBean;
import io.headrace.connector.kafka.TopicSettings.Field;
import io.headrace.connector.kafka.protobuf.MessageType;
import io.headrace.connector.kafka.protobuf.ProtoSamples;
import io.headrace.connector.kafka.protobuf.ProtoSchema;
import io.headrace.connector.kafka.protobuf.SchemaTextException;
import io.headrace.connector.staging.FieldTypes;
import io.headrace.engine.Query.DeclaredColumn;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of values of Protobuf that Google's library wrote, and of bytes that are none. */
class ProtobufFieldsTest {
  private static final Descriptor ALL = ProtoSamples.all();
  private static final Descriptor INNER = ALL.findNestedTypeByName("Inner");
  private static final EnumDescriptor COLOUR = ALL.findEnumTypeByName("Colour");
  private static final MessageType TYPE = type(ProtoSamples.text(), "All");

  static MessageType type(String text, String name) {
    try {
      return ProtoSchema.parse(text, Map.of()).find(name).orElseThrow();
    } catch (SchemaTextException e) {
      throw new AssertionError(e);
    }
  }

  static ProtobufFields fields(MessageType type, String... columns) {
    List<Field> fields =
        Stream.of(columns)
            .map(each -> each.split(" ", 2))
            .map(
                each ->
                    new Field(
                        each[0], each[1], FieldTypes.of(new DeclaredColumn(each[0], each[1]))))
            .toList();
    return new ProtobufFields(fields, Optional.of(type), Optional.empty(), Optional.empty());
  }

  /** The text of a field in a column of a type, or why it is not taken. */
  private static String text(byte[] message, String field, String type) {
    ProtobufFields fields = fields(TYPE, field + " " + type);
    String error = fields.read(message);
    return error == null ? String.valueOf(fields.text(0)) : error;
  }

  private static DynamicMessage of(String field, Object value) {
    return set(DynamicMessage.newBuilder(ALL), field, value).build();
  }

  private static DynamicMessage.Builder set(
      DynamicMessage.Builder builder, String field, Object value) {
    return builder.setField(builder.getDescriptorForType().findFieldByName(field), value);
  }

  private static void exact(String field, Object value, String type, String text) {
    assertThat(text(of(field, value).toByteArray(), field, type)).isEqualTo(text);
  }

  /** In the column that the schema asks for. */
  private static void exact(String field, Object value, String text) {
    exact(field, value, TYPE.declared(field), text);
  }

  private static void inexact(String field, Object value, String type) {
    assertThat(text(of(field, value).toByteArray(), field, type))
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
    assertThat(TYPE.declared("s_" + type)).isEqualTo(column);
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
    byte[] a = of("a", 7L).toByteArray();
    byte[] b = of("b", "x").toByteArray();
    byte[] c = of("c", inner).toByteArray();
    assertThat(text(join(a, b), "a", "BIGINT")).isEqualTo("null");
    assertThat(text(join(a, b), "b", "VARCHAR")).isEqualTo("x");
    assertThat(text(join(b, c, a), "a", "BIGINT")).isEqualTo("7");
    assertThat(text(join(b, c, a), "c", "VARCHAR")).isEqualTo("null");
    byte[] more = of("c", set(DynamicMessage.newBuilder(INNER), "b", true).build()).toByteArray();
    assertThat(text(join(c, more), "c", "VARCHAR")).isEqualTo("{\"n\":5,\"b\":true,\"f\":[]}");
    assertThat(text(join(c, a, more), "c", "VARCHAR")).isEqualTo("{\"n\":0,\"b\":true,\"f\":[]}");
    assertThat(text(of("a", 0L).toByteArray(), "a", "BIGINT")).isEqualTo("0");
  }

  private static byte[] join(byte[]... parts) {
    byte[] all = new byte[0];
    for (byte[] part : parts) {
      int length = all.length;
      all = Arrays.copyOf(all, length + part.length);
      System.arraycopy(part, 0, all, length, part.length);
    }
    return all;
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

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
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
      assertThat(text(of("at", wrong).toByteArray(), "at", "TIMESTAMPTZ"))
          .startsWith("not Protobuf of its schema: a timestamp is of ");
    }
    assertThat(TYPE.declared("took")).isEqualTo("DECIMAL(21,9)");
    exact("took", duration(1, 500_000_000), "1.5");
    exact("took", duration(-315_576_000_000L, -999_999_999), "-315576000000.999999999");
    exact("took", duration(0, 0), "0");
    exact("took", duration(60, 0), "BIGINT", "60");
    inexact("took", duration(0, 1), "BIGINT");
    for (Duration wrong :
        List.of(duration(315_576_000_001L, 0), duration(1, -1), duration(0, 1_000_000_000))) {
      assertThat(text(of("took", wrong).toByteArray(), "took", "VARCHAR"))
          .startsWith("not Protobuf of its schema: a duration is of ");
    }
    exact("times", List.of(timestamp(0, 0)), "[\"1970-01-01T00:00Z\"]");
    assertThat(TYPE.declared("wrapped")).isEqualTo("BIGINT");
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18 | 1 bytes are missing at its end",
        "00 01 | 0 is no field",
        "80808080 8001 01 | 4294967296 is no field",
        "ffffffffffffffffffff01 | a number is too long",
        "720161 00 | 0 is no field",
        "7202 61 | 1 bytes are missing at its end",
        "72 ffffffffffffffffff01 | a length is 18446744073709551615",
        "72 ffffffff07 | 2147483647 bytes are missing at its end",
        "7201 ff | a text is not UTF-8",
        "0802 | field 's_bool': a boolean is 2",
        "10 8080808010 | field 's_int32': 4294967296 is no number of 32 bits",
        "20 8080808010 | field 's_uint32': 4294967296 is no number of 32 bits",
        "12 00 | field 's_int32': it is written as wire type 2, and its type as 0",
        "920201 09 | field 'n': it is written as wire type 1, and its type as 0",
        "920201 08 01 | 1 bytes are missing at its end",
        "a306 | 1 bytes are missing at its end",
        "a306 ac06 | field 100 ends as field 101",
        "a406 | the end of field 100 is in it without its begin",
        "0f | field 's_bool': it is written as wire type 7, and its type as 0",
        "a706 | 7 is no wire type",
      })
  void saysWhatIsWrong(String hex, String reason) {
    String expected = "not Protobuf of its schema: " + reason;
    assertThat(fields(TYPE, "s_bool BOOLEAN").read(bytes(hex))).isEqualTo(expected);
  }

  @Test
  void fieldsThatTheSchemaDoesNotHaveArePassed() {
    // Of each wire type, and one in the other.
    byte[] unknown = bytes("b83e01 bd3e00000000 b93e0000000000000000 ba3e0161 bb3ec33ec43ebc3e");
    assertThat(text(join(unknown, of("s_int64", 7L).toByteArray()), "s_int64", "BIGINT"))
        .isEqualTo("7");
  }

  @Test
  void groupsAndWhatIsMissing() {
    MessageType old =
        type(
            """
            message Old {
              required int32 id = 1;
              optional group In = 2 { required bool b = 1; optional In in = 2; }
              repeated Old olds = 3;
            }
            """,
            "Old");
    ProtobufFields fields = fields(old, "id INTEGER", "in VARCHAR");
    assertThat(fields.read(bytes("0807 13 0801 12020800 14"))).isNull();
    assertThat(fields.text(1)).isEqualTo("{\"b\":true,\"in\":{\"b\":false}}");
    // Groups that are there twice have the fields of both, so that they are whole together.
    assertThat(fields.read(bytes("0807 1314 13080114"))).isNull();
    assertThat(fields.read(bytes("13 0801 14"))).endsWith("the field 'id' of 'Old' is missing");
    assertThat(fields.read(bytes("0807 13 14"))).endsWith("the field 'b' of 'Old.In' is missing");
    assertThat(fields.read(bytes("0807 1a00"))).endsWith("the field 'id' of 'Old' is missing");
    assertThat(fields.read(bytes("0807 13 0801"))).endsWith("1 bytes are missing at its end");
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

  /** Whatever the bytes, there is a reason or there are fields, and little memory is taken. */
  @Test
  void anyBytesAreReadOrRejected() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    String[] columns =
        ALL.getFields().stream().map(f -> f.getName() + " VARCHAR").toArray(String[]::new);
    ProtobufFields fields = fields(TYPE, columns);
    byte[] good = new byte[0];
    int rejected = 0;
    long most = 0;
    for (int i = 0; i < 100_000; i++) {
      if (i % 1_000 == 0) {
        good = new RandomMessages(random).next(ALL, 3).toByteArray();
      }
      byte[] message;
      if (i % 3 == 0) {
        message = new byte[random.nextInt(40)];
        random.nextBytes(message);
      } else {
        message = Arrays.copyOf(good, i % 3 == 1 ? random.nextInt(good.length + 1) : good.length);
        for (int n = random.nextInt(4); n > 0 && message.length > 0; n--) {
          message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      String error = fields.read(message);
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      if (i > 1000) {
        most = Math.max(most, taken - 100L * message.length);
      }
      assertThat(error == null || !error.isEmpty()).as("seed %d", seed).isTrue();
      rejected += error == null ? 0 : 1;
    }
    assertThat(rejected).isBetween(30_000, 99_999);
    assertThat(most).as("seed %d", seed).isLessThan(4 << 20);
  }

  @Test
  void messagesThatBecomeLargeAreRefused() {
    StringBuilder wide = new StringBuilder("syntax = 'proto3'; message W { repeated W w = 1;");
    for (int i = 2; i < 2_000; i++) {
      wide.append("int64 a_field_with_a_long_name_%d = %d;".formatted(i, i));
    }
    MessageType type = type(wide + "}", "W");
    byte[] many = new byte[1 << 20];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = 0x0a;
    }
    assertThat(requireNonNull(fields(type, "w VARCHAR").read(many)))
        .isEqualTo("not Protobuf of its schema: too many messages are in it");
    assertThat(requireNonNull(fields(type, "w VARCHAR").read(Arrays.copyOf(many, 4_000))))
        .isEqualTo("not Protobuf of its schema: its JSON is too long");
    assertThat(fields(type, "w VARCHAR").read(Arrays.copyOf(many, 200))).isNull();
    byte[] deep = bytes("0a00");
    for (int i = 0; i < 200; i++) {
      byte[] length =
          deep.length < 128
              ? new byte[] {(byte) deep.length}
              : new byte[] {(byte) (deep.length | 0x80), (byte) (deep.length >> 7)};
      deep = join(new byte[] {0x0a}, length, deep);
    }
    assertThat(fields(type, "w VARCHAR").read(deep))
        .isEqualTo("not Protobuf of its schema: messages are in each other more than 100 times");
    byte[] groups = new byte[100_000];
    for (int i = 0; i < groups.length; i += 2) {
      groups[i] = (byte) 0xa3;
      groups[i + 1] = 6;
    }
    assertThat(fields(TYPE, "s_bool BOOLEAN").read(groups)).contains("more than 100 times");
  }
}
