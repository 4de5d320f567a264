package io.headrace.connector.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.headrace.connector.kafka.TopicSettings.Field;
import io.headrace.connector.staging.FieldTypes;
import io.headrace.engine.Query.DeclaredColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** What becomes of values of Avro, and of bytes that are none. */
class AvroFieldsTest {
  static Schema record(String... fields) {
    return new Schema.Parser()
        .parse(
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": ["
                + String.join(", ", fields)
                + "]}");
  }

  static byte[] encoded(Schema schema, Object... values) {
    GenericData.Record record = new GenericData.Record(schema);
    for (int i = 0; i < values.length; i++) {
      record.put(i, values[i] instanceof Optional<?> none && none.isEmpty() ? null : values[i]);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static AvroFields fields(Schema schema, String... columns) {
    List<Field> fields =
        Stream.of(columns)
            .map(each -> each.split(" ", 2))
            .map(
                each ->
                    new Field(
                        each[0], each[1], FieldTypes.of(new DeclaredColumn(each[0], each[1]))))
            .toList();
    return new AvroFields(fields, Optional.of(schema), Optional.empty());
  }

  /** The text of a value of a schema in a column of a type, or why it is not taken. */
  private static String text(String schema, Object value, String type) {
    Schema record = record("{\"name\": \"v\", \"type\": %s}".formatted(schema));
    AvroFields fields = fields(record, "v " + type);
    String error = fields.read(encoded(record, value));
    return error == null ? String.valueOf(fields.text(0)) : error;
  }

  private static String logical(String type, String name) {
    return "{\"type\": \"%s\", \"logicalType\": \"%s\"}".formatted(type, name);
  }

  private static void exact(String schema, Object value, String type, String text) {
    assertThat(text(schema, value, type)).isEqualTo(text);
    // And so it is in a union, whatever else may be there.
    String union = "[\"null\", %s]".formatted(schema);
    assertThat(text(union, value, type)).isEqualTo(text);
    assertThat(text(union, Optional.empty(), type)).isEqualTo("null");
  }

  private static void inexact(String schema, Object value, String type) {
    assertThat(text(schema, value, type))
        .startsWith("field 'v': '")
        .endsWith("' is not exactly a value of type " + type);
  }

  @Test
  void plainValues() {
    exact("\"int\"", -7, "INTEGER", "-7");
    exact("\"int\"", 7, "DOUBLE", "7.0");
    exact("\"long\"", Long.MIN_VALUE, "BIGINT", "-9223372036854775808");
    exact("\"long\"", Long.MAX_VALUE, "DECIMAL(19,0)", "9223372036854775807");
    inexact("\"long\"", 1L << 31, "INTEGER");
    exact("\"boolean\"", true, "BOOLEAN", "true");
    inexact("\"boolean\"", true, "BIGINT");
    exact("\"double\"", 0.1, "DOUBLE", "0.1");
    exact("\"double\"", Double.NaN, "DOUBLE", "NaN");
    exact("\"float\"", 0.1f, "VARCHAR", "0.1");
    exact("\"float\"", 0.1f, "DOUBLE", Double.toString(0.1f));
    inexact("\"double\"", 1e39, "FLOAT");
    inexact("\"double\"", 1.5, "BIGINT");
    exact("\"string\"", "é🎉\u0000", "VARCHAR", "é🎉\u0000");
    exact("\"string\"", "12", "BIGINT", "12");
    exact("\"bytes\"", ByteBuffer.wrap(new byte[] {0, 'a'}), "VARCHAR", "\\x00\\x61");
    String colour = "{\"type\": \"enum\", \"name\": \"C\", \"symbols\": [\"RED\", \"BLUE\"]}";
    exact(
        colour,
        new GenericData.EnumSymbol(new Schema.Parser().parse(colour), "BLUE"),
        "VARCHAR",
        "BLUE");
    assertThat(text("[\"int\", \"string\"]", "7", "VARCHAR")).isEqualTo("7");
    assertThat(text("[\"int\", \"string\"]", 7, "VARCHAR")).isEqualTo("7");
  }

  @Test
  void logicalTypes() {
    String decimal =
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 38, \"scale\": 2}";
    ByteBuffer digits =
        ByteBuffer.wrap(new BigInteger("-99999999999999999999999999999999999999").toByteArray());
    exact(decimal, digits, "DECIMAL(38,2)", "-999999999999999999999999999999999999.99");
    inexact(decimal, ByteBuffer.wrap(new byte[] {1}), "DECIMAL(5,1)");
    exact(logical("int", "date"), -719_162, "DATE", "0001-01-01");
    inexact(logical("int", "date"), Integer.MAX_VALUE, "DATE");
    inexact(logical("int", "date"), 1, "BIGINT");
    exact(logical("int", "time-millis"), 43_200_500, "TIME", "12:00:00.500");
    exact(logical("long", "time-micros"), 1L, "TIME", "00:00:00.000001");
    inexact(logical("long", "time-micros"), 86_400_000_000L, "TIME");
    inexact(logical("int", "time-millis"), -1, "TIME");
    exact(logical("long", "timestamp-millis"), -1L, "TIMESTAMPTZ", "1969-12-31T23:59:59.999Z");
    exact(logical("long", "timestamp-micros"), 1L, "TIMESTAMPTZ", "1970-01-01T00:00:00.000001Z");
    exact(logical("long", "timestamp-nanos"), 1000L, "TIMESTAMPTZ", "1970-01-01T00:00:00.000001Z");
    inexact(logical("long", "timestamp-nanos"), 1L, "TIMESTAMPTZ");
    inexact(logical("long", "timestamp-millis"), Long.MAX_VALUE, "TIMESTAMPTZ");
    inexact(logical("long", "timestamp-millis"), 0L, "TIMESTAMP");
    exact(logical("long", "local-timestamp-micros"), 0L, "TIMESTAMP", "1970-01-01T00:00");
    inexact(logical("long", "local-timestamp-nanos"), 1L, "TIMESTAMP");
    inexact(logical("long", "local-timestamp-millis"), 0L, "TIMESTAMPTZ");
    String uuid = "123e4567-e89b-12d3-a456-426614174000";
    exact(logical("string", "uuid"), uuid, "UUID", uuid);
    String fixed =
        "{\"type\": \"fixed\", \"name\": \"U\", \"size\": 16, \"logicalType\": \"uuid\"}";
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    exact(
        fixed,
        new GenericData.Fixed(new Schema.Parser().parse(fixed), bytes),
        "UUID",
        "00000000-0000-0000-0000-000000000001");
  }

  @Test
  void whatIsNestedIsJson() {
    exact(
        "{\"type\": \"array\", \"items\": \"double\"}",
        List.of(1.0, 1e300),
        "VARCHAR",
        "[1.0,1.0E300]");
    exact(
        "{\"type\": \"map\", \"values\": [\"null\", %s]}".formatted(logical("int", "date")),
        Map.of("a\"", 0),
        "VARCHAR",
        "{\"a\\\"\":\"1970-01-01\"}");
    String inner =
        "{\"type\": \"record\", \"name\": \"I\", \"fields\": [{\"name\": \"n\", \"type\": \"long\"},"
            + "{\"name\": \"b\", \"type\": [\"null\", \"boolean\"]}]}";
    GenericData.Record value = new GenericData.Record(new Schema.Parser().parse(inner));
    value.put("n", Long.MAX_VALUE);
    exact(inner, value, "VARCHAR", "{\"n\":9223372036854775807,\"b\":null}");
    inexact(inner, value, "BIGINT");
    assertThat(text("{\"type\": \"array\", \"items\": \"float\"}", List.of(Float.NaN), "VARCHAR"))
        .isEqualTo("[\"NaN\"]");
  }

  @Test
  void columnsOfASchemaHoldItsValues() {
    Schema schema =
        record(
            "{\"name\": \"a\", \"type\": [\"null\", \"long\"]}",
            "{\"name\": \"b\", \"type\": %s}".formatted(logical("long", "timestamp-micros")),
            "{\"name\": \"c\", \"type\": {\"type\": \"bytes\", \"logicalType\": \"decimal\","
                + " \"precision\": 9, \"scale\": 2}}",
            "{\"name\": \"d\", \"type\": [\"int\", \"string\"]}",
            "{\"name\": \"e\", \"type\": {\"type\": \"array\", \"items\": \"int\"}}",
            "{\"name\": \"f\", \"type\": %s}".formatted(logical("string", "uuid")),
            "{\"name\": \"g\", \"type\": %s}".formatted(logical("int", "date")));
    assertThat(schema.getFields().stream().map(f -> AvroValues.declared(f.schema())))
        .containsExactly(
            "BIGINT", "TIMESTAMPTZ", "DECIMAL(9,2)", "VARCHAR", "VARCHAR", "UUID", "DATE");
  }

  private static final Schema DEEP =
      record(
          "{\"name\": \"s\", \"type\": [\"null\", \"string\"]}",
          "{\"name\": \"b\", \"type\": \"boolean\"}",
          "{\"name\": \"l\", \"type\": {\"type\": \"array\", \"items\": \"null\"}}",
          "{\"name\": \"m\", \"type\": {\"type\": \"map\", \"values\": \"bytes\"}}",
          "{\"name\": \"next\", \"type\": [\"null\", \"R\"]}");

  private static String wrong(int... bytes) {
    byte[] message = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      message[i] = (byte) bytes[i];
    }
    AvroFields fields = fields(DEEP, "s VARCHAR", "next VARCHAR");
    return requireNonNull(fields.read(message));
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(wrong()).isEqualTo("not Avro of its schema: 1 bytes are missing at its end");
    assertThat(wrong(2, 1)).contains("a length is -1");
    assertThat(wrong(2, 0xfe, 0xff, 0xff, 0xff, 0x0f)).contains("2147483647 bytes are missing");
    assertThat(wrong(2, 2, 0xff)).contains("a text is not UTF-8");
    assertThat(wrong(0, 2)).contains("a boolean is 2");
    assertThat(wrong(0, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f)).contains("more items than bytes");
    assertThat(wrong(0, 1, 0, 0, 0, 9)).contains("1 bytes follow");
    assertThat(wrong(0, 1, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f)).contains("more items than bytes");
    assertThat(wrong(4)).startsWith("not Avro of its schema: ");
    assertThat(wrong(2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02))
        .contains("a number is too long");
    int[] deep = new int[5000];
    for (int i = 0; i < deep.length; i += 5) {
      deep[i + 4] = 2;
    }
    assertThat(wrong(deep)).contains("records are in each other more than 200 times");
  }

  /** Whatever the bytes, there is a reason or there are fields, and little memory is taken. */
  @Test
  void anyBytesAreReadOrRejected() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    GenericData.Record inner = new GenericData.Record(DEEP);
    inner.put("b", true);
    inner.put("l", List.of());
    inner.put("m", Map.of("k", ByteBuffer.allocate(3)));
    byte[] good =
        encoded(
            DEEP,
            "text",
            false,
            Arrays.asList(null, null),
            Map.of("a", ByteBuffer.allocate(9)),
            inner);
    AvroFields fields = fields(DEEP, "s VARCHAR", "l VARCHAR", "m VARCHAR", "next VARCHAR");
    assertThat(fields.read(good)).isNull();
    int rejected = 0;
    long most = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] message;
      if (i % 3 == 0) {
        message = new byte[random.nextInt(40)];
        random.nextBytes(message);
      } else {
        message = Arrays.copyOf(good, i % 3 == 1 ? random.nextInt(good.length) : good.length);
        for (int n = random.nextInt(4); n > 0 && message.length > 0; n--) {
          message[random.nextInt(message.length)] = (byte) random.nextInt();
        }
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      String error = fields.read(message);
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      if (i > 1000) {
        most = Math.max(most, taken);
      }
      assertThat(error == null || !error.isEmpty()).as("seed %d", seed).isTrue();
      rejected += error == null ? 0 : 1;
    }
    assertThat(rejected).isBetween(50_000, 99_999);
    assertThat(most).as("seed %d", seed).isLessThan(4 << 20);
  }
}
