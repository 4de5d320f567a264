package io.headrace.connector.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.headrace.connector.staging.FieldValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A value of JSON in memory. Numbers are as they are written. */
sealed interface Json {
  /** Nothing. */
  record Null() implements Json {}

  static Json none() {
    return new Null();
  }

  /** A text, a number, true or false. */
  record Scalar(boolean isText, String text) implements Json, FieldValue {}

  /** Values by name, in the order of the document. */
  record Fields(Map<String, Json> values) implements Json {}

  /** Values in order. */
  record Elements(List<Json> values) implements Json {}

  /** The field of that name; nothing if there is none. */
  default Json field(String name) {
    return this instanceof Fields fields ? fields.values().getOrDefault(name, none()) : none();
  }

  /** Compact JSON of this. */
  default void write(StringBuilder out) {
    if (this instanceof Scalar scalar) {
      if (scalar.isText()) {
        quote(scalar.text(), out);
      } else {
        out.append(scalar.text());
      }
    } else if (this instanceof Elements list) {
      out.append('[');
      String between = "";
      for (Json value : list.values()) {
        out.append(between);
        value.write(out);
        between = ",";
      }
      out.append(']');
    } else if (this instanceof Fields fields) {
      out.append('{');
      String between = "";
      for (Map.Entry<String, Json> field : fields.values().entrySet()) {
        out.append(between);
        quote(field.getKey(), out);
        out.append(':');
        field.getValue().write(out);
        between = ",";
      }
      out.append('}');
    } else {
      out.append("null");
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }

  /** Takes values from a document, up to a number of them. Not for several threads. */
  final class Builder {
    /** One row of more values would be no row; and each of them takes memory. */
    private static final int MOST_VALUES = 1_000_000;

    private final JsonParser parser;
    private int left;

    Builder(JsonParser parser) {
      this.parser = parser;
    }

    /**
     * The object that the parser is at.
     *
     * @param names the fields that count
     * @throws TooManyException if there are too many values in them
     */
    Fields fields(Set<String> names) throws IOException {
      left = MOST_VALUES;
      Map<String, Json> values = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (names.contains(name)) {
          values.put(name, value(token));
        } else {
          parser.skipChildren();
        }
      }
      return new Fields(values);
    }

    private Json value(JsonToken token) throws IOException {
      if (left-- == 0) {
        throw new TooManyException();
      }
      return switch (token) {
        case START_OBJECT -> {
          Map<String, Json> values = new LinkedHashMap<>();
          while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            values.put(name, value(parser.nextToken()));
          }
          yield new Fields(values);
        }
        case START_ARRAY -> {
          List<Json> values = new ArrayList<>();
          for (JsonToken next = parser.nextToken();
              next != JsonToken.END_ARRAY;
              next = parser.nextToken()) {
            values.add(value(next));
          }
          yield new Elements(values);
        }
        case VALUE_NULL -> none();
        default -> new Scalar(token == JsonToken.VALUE_STRING, parser.getText());
      };
    }
  }

  /** One row has more values than fit into memory. */
  final class TooManyException extends IOException {
    private static final long serialVersionUID = 1L;

    TooManyException() {
      super("an object has more than %,d values".formatted(Builder.MOST_VALUES));
    }
  }
}
