package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.connector.staging.FieldValue;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Values of Avro as values of documents: what JSON has no word for is text, in ISO 8601 if it is a
 * time.
 */
final class AvroValues {
  private static final JsonFactory JSON = new JsonFactory();

  /** Longer decimals are written with an exponent. */
  private static final int LONGEST_SCALE = 400;

  private static final int MOST_DIGITS = 38;
  private static final long NANOS_OF_DAY = 86_400_000_000_000L;

  private AvroValues() {}

  /** The type of a column that holds all values of a schema, as a project would declare it. */
  static String declared(Schema schema) {
    return switch (schema.getType()) {
      case BOOLEAN -> "BOOLEAN";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case INT, LONG -> ofWhole(schema);
      case STRING, BYTES, FIXED -> ofBytes(schema);
      case UNION -> {
        List<Schema> others =
            schema.getTypes().stream().filter(each -> each.getType() != Schema.Type.NULL).toList();
        yield others.size() == 1 ? declared(others.get(0)) : "VARCHAR";
      }
      case NULL, ENUM, ARRAY, MAP, RECORD -> "VARCHAR";
    };
  }

  private static String ofWhole(Schema schema) {
    String name = logical(schema);
    if (name.startsWith("local-timestamp-")) {
      return "TIMESTAMP";
    }
    if (name.startsWith("timestamp-")) {
      return "TIMESTAMPTZ";
    }
    return switch (name) {
      case "date" -> "DATE";
      case "time-millis", "time-micros" -> "TIME";
      default -> schema.getType() == Schema.Type.INT ? "INTEGER" : "BIGINT";
    };
  }

  private static String ofBytes(Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        && decimal.getPrecision() <= MOST_DIGITS) {
      return "DECIMAL(%d,%d)".formatted(decimal.getPrecision(), decimal.getScale());
    }
    return logical(schema).equals("uuid") ? "UUID" : "VARCHAR";
  }

  /** The name of a logical type that its schema may have, or nothing. */
  private static String logical(Schema schema) {
    LogicalType type = schema.getLogicalType();
    return type == null ? "" : type.getName();
  }

  /** The schema that a value is of, which of a union is one of its parts. */
  static Schema of(Schema schema, @Nullable Object value) {
    return schema.getType() == Schema.Type.UNION
        ? schema.getTypes().get(GenericData.get().resolveUnion(schema, value))
        : schema;
  }

  /** Whether a schema is of lists or of values with names. */
  static boolean isNested(Schema schema) {
    return switch (schema.getType()) {
      case ARRAY, MAP, RECORD -> true;
      default -> false;
    };
  }

  /** A list, a map or a record as JSON. */
  static String json(Schema schema, Object value) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(schema, value, out);
    }
    return text.toString();
  }

  private static void write(Schema declared, @Nullable Object value, JsonGenerator out)
      throws IOException {
    Schema schema = of(declared, value);
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Collection<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        write(schema.getElementType(), item, out);
      }
      out.writeEndArray();
    } else if (value instanceof Map<?, ?> entries) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        write(schema.getValueType(), entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof IndexedRecord parts) {
      out.writeStartObject();
      for (Schema.Field field : schema.getFields()) {
        out.writeFieldName(field.name());
        write(field.schema(), parts.get(field.pos()), out);
      }
      out.writeEndObject();
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else {
      Scalar scalar = new Scalar(schema, value, false);
      if (scalar.isText() || !scalar.isFinite()) {
        out.writeString(scalar.text());
      } else {
        out.writeNumber(scalar.text());
      }
    }
  }

  /**
   * A value that is neither null nor nested.
   *
   * @param isWidened whether a float is written such that a double of that text is the same number
   */
  record Scalar(Schema schema, Object value, boolean isWidened) implements FieldValue {
    @Override
    public boolean isText() {
      return !(value instanceof Number || value instanceof Boolean)
          ? !(schema.getLogicalType() instanceof LogicalTypes.Decimal)
          : time().isPresent();
    }

    private boolean isFinite() {
      return !(value instanceof Float || value instanceof Double)
          || Double.isFinite(((Number) value).doubleValue());
    }

    @Override
    public boolean isWholeNumber() {
      return (value instanceof Integer || value instanceof Long) && !isText();
    }

    @Override
    public long wholeNumber() {
      return ((Number) value).longValue();
    }

    @Override
    public String text() {
      if (value instanceof ByteBuffer || value instanceof GenericFixed) {
        return ofBytes(bytes());
      }
      if (value instanceof Float number && isWidened) {
        return Double.toString(number);
      }
      return time().orElseGet(value::toString);
    }

    private String ofBytes(byte[] bytes) {
      if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
        BigInteger digits = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        BigDecimal exact = new BigDecimal(digits, decimal.getScale());
        return decimal.getScale() <= LONGEST_SCALE ? exact.toPlainString() : exact.toString();
      }
      if (logical(schema).equals("uuid") && bytes.length == 2 * Long.BYTES) {
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new UUID(halves.getLong(), halves.getLong()).toString();
      }
      return MessageText.hex(bytes);
    }

    private byte[] bytes() {
      if (value instanceof GenericFixed fixed) {
        return fixed.bytes();
      }
      ByteBuffer buffer = ((ByteBuffer) value).duplicate();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    }

    /** The value in ISO 8601, if it is a date or a time. */
    private Optional<String> time() {
      if (!(value instanceof Integer || value instanceof Long)) {
        return Optional.empty();
      }
      long number = wholeNumber();
      return switch (logical(schema)) {
        case "date" -> Optional.of(LocalDate.ofEpochDay(number).toString());
        case "time-millis" -> ofDay(number, 1_000_000);
        case "time-micros" -> ofDay(number, 1_000);
        case "timestamp-millis" -> Optional.of(local(number, ChronoUnit.MILLIS) + "Z");
        case "timestamp-micros" -> Optional.of(local(number, ChronoUnit.MICROS) + "Z");
        case "timestamp-nanos" -> Optional.of(local(number, ChronoUnit.NANOS) + "Z");
        case "local-timestamp-millis" -> Optional.of(local(number, ChronoUnit.MILLIS));
        case "local-timestamp-micros" -> Optional.of(local(number, ChronoUnit.MICROS));
        case "local-timestamp-nanos" -> Optional.of(local(number, ChronoUnit.NANOS));
        default -> Optional.empty();
      };
    }

    /** Of a number that is behind the end of a day, the number: which is no time. */
    private static Optional<String> ofDay(long number, long nanos) {
      boolean isOfDay = number >= 0 && number < NANOS_OF_DAY / nanos;
      return Optional.of(
          isOfDay ? LocalTime.ofNanoOfDay(number * nanos).toString() : Long.toString(number));
    }

    private static String local(long number, ChronoUnit unit) {
      return LocalDateTime.ofInstant(Instant.EPOCH.plus(number, unit), ZoneOffset.UTC).toString();
    }
  }
}
