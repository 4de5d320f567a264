package io.headrace.connector.kafka.protobuf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.connector.kafka.protobuf.ProtoType.MapOf;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/**
 * Writes lists, maps and messages as JSON. A field that is not there is left out if it is told that
 * it is not, and has its initial value if not: so a query finds 0 where a reader of the message
 * does. Not for several threads.
 */
final class ProtoJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST_CHARACTERS = 16 << 20;

  /** Bytes take the most room: five characters each. */
  private static final int MOST_OF_A_BYTE = 8;

  private long left;

  /**
   * @param length of the message in bytes
   */
  ProtoJson(int length) {
    left = MOST_CHARACTERS + (long) MOST_OF_A_BYTE * length;
  }

  /** The value of a field that {@linkplain ProtoValue#isNested is nested}. */
  String text(ProtoField field, Object value) throws IOException {
    Bounded text = new Bounded();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      field(field, value, out);
    }
    return text.toString();
  }

  private static void field(ProtoField field, Object value, JsonGenerator out) throws IOException {
    if (value instanceof List<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        value(field.type(), item, out);
      }
      out.writeEndArray();
    } else {
      value(field.type(), value, out);
    }
  }

  private static void value(ProtoType type, Object value, JsonGenerator out) throws IOException {
    if (value instanceof Map<?, ?> entries && type instanceof MapOf map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        out.writeFieldName(new ProtoValue(map.key(), entry.getKey(), false).text());
        value(map.value(), entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof ProtoMessage message && !ProtoValue.isPlain(message.type())) {
      message(message, out);
    } else {
      scalar(ProtoValue.of(type, value, false), out);
    }
  }

  private static void message(ProtoMessage message, JsonGenerator out) throws IOException {
    WellKnown known = message.type().wellKnown().orElse(null);
    if (known == WellKnown.VALUE) {
      any(message, out);
    } else if (known == WellKnown.STRUCT || known == WellKnown.LIST) {
      ProtoField only = message.type().fields().get(0);
      Object value = message.value(only);
      field(only, value == null ? only.type().initial() : value, out);
    } else {
      out.writeStartObject();
      for (ProtoField field : message.type().fields()) {
        Object value = message.value(field);
        if (value != null) {
          out.writeFieldName(field.name());
          field(field, value, out);
        }
      }
      out.writeEndObject();
    }
  }

  /** Any value of JSON: whichever field is there. */
  private static void any(ProtoMessage message, JsonGenerator out) throws IOException {
    for (ProtoField field : message.type().fields()) {
      Object value = message.written(field);
      if (value != null && !(field.type() instanceof ProtoType.Enumeration)) {
        field(field, value, out);
        return;
      }
    }
    out.writeNull();
  }

  private static void scalar(ProtoValue value, JsonGenerator out) throws IOException {
    if (value.value() instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value.isText() || !value.isFinite()) {
      out.writeString(value.text());
    } else {
      out.writeNumber(value.text());
    }
  }

  /** Text that does not become much longer than the message. */
  private final class Bounded extends Writer {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] characters, int from, int length) throws IOException {
      left -= length;
      if (left < 0) {
        throw new IOException("its JSON is too long");
      }
      text.append(characters, from, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
