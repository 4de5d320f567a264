package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.connector.kafka.TopicSettings.Field;
import io.headrace.connector.staging.FieldValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the fields of JSON objects, one message after the other. Not for several threads. */
final class JsonFields implements MessageFields {
  private final JsonFactory json = new JsonFactory();
  private final MessageText decoder = new MessageText();
  private final List<Field> fields;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final @Nullable String[] texts;
  private final boolean[] seen;

  JsonFields(List<Field> fields) {
    this.fields = List.copyOf(fields);
    this.texts = new @Nullable String[fields.size()];
    this.seen = new boolean[fields.size()];
    for (int i = 0; i < fields.size(); i++) {
      indexes.put(fields.get(i).name(), i);
    }
  }

  @Override
  public @Nullable String read(byte[] message) {
    Arrays.fill(texts, null);
    Arrays.fill(seen, false);
    try (JsonParser parser = json.createParser(message)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        return first == null ? "empty" : "no JSON object";
      }
      String error = fields(parser, message);
      if (error == null && parser.nextToken() != null) {
        return "not JSON: something follows the object";
      }
      return error;
    } catch (JsonProcessingException e) {
      return "not JSON: " + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    } catch (IOException e) {
      return "not JSON: " + e.getMessage();
    }
  }

  @Override
  public @Nullable String text(int field) {
    return texts[field];
  }

  private @Nullable String fields(JsonParser parser, byte[] message) throws IOException {
    String error = null;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      Integer index = indexes.get(name);
      if (index == null) {
        parser.skipChildren();
      } else {
        String wrong = field(parser, value, index, message);
        // The rest is read as well: that it is no JSON is the better reason.
        error = error == null ? wrong : error;
      }
    }
    return error;
  }

  private @Nullable String field(JsonParser parser, JsonToken token, int index, byte[] message)
      throws IOException {
    Field field = fields.get(index);
    if (seen[index]) {
      parser.skipChildren();
      return "field '%s' is there twice".formatted(field.name());
    }
    seen[index] = true;
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token.isStructStart()) {
      Optional<String> text = json(parser, message);
      if (field.type().isQuoted() && text.isPresent()) {
        texts[index] = text.get();
        return null;
      }
      return field.unfit(text.orElse("..."));
    }
    String text = field.type().text(new JsonValue(parser, token));
    if (text == null) {
      return field.unfit(parser.getText());
    }
    if (field.type().isQuoted() && !MessageText.isWhole(text)) {
      return "field '%s' has half of a character in it".formatted(field.name());
    }
    texts[index] = text;
    return null;
  }

  /** An object or a list as it is written. */
  private Optional<String> json(JsonParser parser, byte[] message) throws IOException {
    int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    parser.skipChildren();
    int end = Math.toIntExact(parser.currentLocation().getByteOffset());
    return decoder.of(Arrays.copyOfRange(message, start, end));
  }

  /** The parser's current value, which is a scalar and not null. */
  private record JsonValue(JsonParser parser, JsonToken token) implements FieldValue {
    @Override
    public boolean isText() {
      return token == JsonToken.VALUE_STRING;
    }

    @Override
    public String text() throws IOException {
      return parser.getText();
    }

    @Override
    public boolean isWholeNumber() throws IOException {
      return token == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    }

    @Override
    public long wholeNumber() throws IOException {
      return parser.getLongValue();
    }
  }
}
