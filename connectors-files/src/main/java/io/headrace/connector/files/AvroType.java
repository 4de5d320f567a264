package io.headrace.connector.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * How values of an Avro type become values of a column.
 *
 * @param sql the engine's type
 */
record AvroType(String sql, Writer writer) {
  private static final int LARGEST_FIXED = 16 << 20;

  /** Writes one value, which is not null. */
  @FunctionalInterface
  interface Writer {
    void write(Object value, JsonGenerator out) throws IOException;
  }

  void write(@Nullable Object value, JsonGenerator out) throws IOException {
    if (value == null) {
      out.writeNull();
    } else {
      writer.write(value, out);
    }
  }

  /**
   * The type for values of a schema.
   *
   * @param name of the column, for messages
   */
  static AvroType of(Schema schema, String name) {
    if (holdsItself(schema, new HashSet<>())) {
      throw new HeadraceException(
          "Column '%s' has records in which there are records of the same kind".formatted(name),
          "No table can hold a tree of any depth: write it as text, or as rows with a parent");
    }
    return any(schema, name);
  }

  private static boolean holdsItself(Schema schema, Set<String> around) {
    return switch (schema.getType()) {
      case ARRAY -> holdsItself(schema.getElementType(), around);
      case MAP -> holdsItself(schema.getValueType(), around);
      case UNION -> schema.getTypes().stream().anyMatch(type -> holdsItself(type, around));
      case RECORD -> {
        Set<String> inside = new HashSet<>(around);
        yield !inside.add(schema.getFullName())
            || schema.getFields().stream().anyMatch(field -> holdsItself(field.schema(), inside));
      }
      default -> false;
    };
  }

  private static AvroType any(Schema schema, String name) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case NULL -> new AvroType("VARCHAR", (value, out) -> out.writeNull());
      case BOOLEAN -> new AvroType("BOOLEAN", (value, out) -> out.writeBoolean((Boolean) value));
      case INT -> ofInt(logical);
      case LONG -> ofLong(logical);
      case FLOAT -> new AvroType("FLOAT", (value, out) -> number(value, out));
      case DOUBLE -> new AvroType("DOUBLE", (value, out) -> number(value, out));
      case STRING -> text(logical != null && logical.getName().equals("uuid") ? "UUID" : "VARCHAR");
      case ENUM -> text("VARCHAR");
      case BYTES, FIXED -> ofBytes(schema, name);
      case ARRAY -> ofArray(any(schema.getElementType(), name));
      case MAP -> ofMap(any(schema.getValueType(), name));
      case RECORD -> ofRecord(schema, name);
      case UNION -> ofUnion(schema, name);
    };
  }

  private static AvroType text(String sql) {
    return new AvroType(sql, (value, out) -> out.writeString(value.toString()));
  }

  /** JSON has no infinities; as text the engine knows them. */
  private static void number(Object value, JsonGenerator out) throws IOException {
    if (Double.isFinite(((Number) value).doubleValue())) {
      out.writeNumber(value.toString());
    } else {
      out.writeString(value.toString());
    }
  }

  private static AvroType ofInt(@Nullable LogicalType logical) {
    if (logical instanceof LogicalTypes.Date) {
      return new AvroType(
          "DATE",
          (value, out) -> out.writeString(LocalDate.ofEpochDay((Integer) value).toString()));
    }
    if (logical instanceof LogicalTypes.TimeMillis) {
      return new AvroType("TIME", (value, out) -> time(((Integer) value) * 1_000_000L, out));
    }
    return new AvroType("INTEGER", (value, out) -> out.writeNumber((Integer) value));
  }

  private static AvroType ofLong(@Nullable LogicalType logical) {
    if (logical instanceof LogicalTypes.TimeMicros) {
      return new AvroType("TIME", (value, out) -> time(((Long) value) * 1_000L, out));
    }
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return moment("TIMESTAMPTZ", ChronoUnit.MILLIS);
    }
    if (logical instanceof LogicalTypes.TimestampMicros) {
      return moment("TIMESTAMPTZ", ChronoUnit.MICROS);
    }
    if (logical instanceof LogicalTypes.LocalTimestampMillis) {
      return moment("TIMESTAMP", ChronoUnit.MILLIS);
    }
    if (logical instanceof LogicalTypes.LocalTimestampMicros) {
      return moment("TIMESTAMP", ChronoUnit.MICROS);
    }
    return new AvroType("BIGINT", (value, out) -> out.writeNumber((Long) value));
  }

  private static void time(long nanos, JsonGenerator out) throws IOException {
    out.writeString(LocalTime.ofNanoOfDay(nanos).toString());
  }

  private static AvroType moment(String sql, ChronoUnit unit) {
    String zone = sql.equals("TIMESTAMPTZ") ? "+00" : "";
    return new AvroType(
        sql,
        (value, out) -> {
          Instant moment = Instant.EPOCH.plus((Long) value, unit);
          out.writeString(LocalDateTime.ofInstant(moment, ZoneOffset.UTC) + zone);
        });
  }

  private static AvroType ofBytes(Schema schema, String name) {
    LogicalType logical = schema.getLogicalType();
    if (schema.getType() == Schema.Type.FIXED && schema.getFixedSize() > LARGEST_FIXED) {
      throw new HeadraceException(
          "Column '%s' has values of %,d bytes each".formatted(name, schema.getFixedSize()),
          "Write them as `bytes`, which need as much room as there is in them");
    }
    if (logical instanceof LogicalTypes.Decimal decimal) {
      int scale = decimal.getScale();
      return new AvroType(
          "DECIMAL(%d, %d)".formatted(decimal.getPrecision(), scale),
          (value, out) ->
              out.writeString(new BigDecimal(new BigInteger(bytes(value)), scale).toPlainString()));
    }
    return new AvroType("BLOB", (value, out) -> out.writeString(escaped(bytes(value))));
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** As the engine writes bytes as text. */
  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 4);
    for (byte b : bytes) {
      text.append("\\x")
          .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
          .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
    }
    return text.toString();
  }

  private static AvroType ofArray(AvroType element) {
    return new AvroType(
        element.sql() + "[]",
        (value, out) -> {
          out.writeStartArray();
          for (Object each : (Collection<?>) value) {
            element.write(each, out);
          }
          out.writeEndArray();
        });
  }

  private static AvroType ofMap(AvroType each) {
    return new AvroType(
        "MAP(VARCHAR, %s)".formatted(each.sql()),
        (value, out) -> {
          out.writeStartObject();
          for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            out.writeFieldName(String.valueOf(entry.getKey()));
            each.write(entry.getValue(), out);
          }
          out.writeEndObject();
        });
  }

  private static AvroType ofRecord(Schema schema, String name) {
    List<String> names = new ArrayList<>();
    List<AvroType> types = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      AvroType type = any(field.schema(), name);
      names.add(field.name());
      types.add(type);
      fields.add("\"%s\" %s".formatted(field.name(), type.sql()));
    }
    if (fields.isEmpty()) {
      throw new HeadraceException(
          "Column '%s' has a record without fields, which no table can hold".formatted(name), "");
    }
    return new AvroType(
        "STRUCT(%s)".formatted(String.join(", ", fields)),
        (value, out) -> {
          out.writeStartObject();
          for (int i = 0; i < names.size(); i++) {
            out.writeFieldName(names.get(i));
            types.get(i).write(((IndexedRecord) value).get(i), out);
          }
          out.writeEndObject();
        });
  }

  private static AvroType ofUnion(Schema schema, String name) {
    List<Schema> others =
        schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
    if (others.size() > 1) {
      throw new HeadraceException(
          "Column '%s' may hold values of several types: %s"
              .formatted(name, String.join(", ", others.stream().map(Schema::getName).toList())),
          "A column has one type: write the file with one, or with a field for each");
    }
    return others.isEmpty() ? any(schema.getTypes().get(0), name) : any(others.get(0), name);
  }
}
