package io.headrace.server.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A JSON object that somebody sent: texts, lists of texts and objects of texts by known keys. */
public final class JsonReader {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String SEE = "See the API's description at /api/v1/openapi.json";

  private final Map<String, Object> values;

  private JsonReader(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Reads an object; nothing at all counts as an empty one.
   *
   * @throws UsageException if it is none, has other keys than {@code known}, or is nested deeper
   */
  public static JsonReader read(String text, List<String> known) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (text.isBlank()) {
      return new JsonReader(values);
    }
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw wrong("that is no object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        if (!known.contains(key)) {
          throw new UsageException(
              "Unknown key '%s'".formatted(key), NearestWord.hint(key, known, SEE));
        }
        if (json.nextToken() != JsonToken.VALUE_NULL) {
          values.put(key, value(json, key));
        }
      }
      if (json.nextToken() != null) {
        throw wrong("there is something behind the object");
      }
      return new JsonReader(values);
    } catch (JsonProcessingException e) {
      throw wrong(e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonParser json, String key) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      List<String> texts = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        texts.add(scalar(json, key));
      }
      return texts;
    }
    if (json.currentToken() == JsonToken.START_OBJECT) {
      SortedMap<String, String> texts = new TreeMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        texts.put(name, scalar(json, key));
      }
      return texts;
    }
    return scalar(json, key);
  }

  private static String scalar(JsonParser json, String key) throws IOException {
    if (!json.currentToken().isScalarValue()) {
      throw wrong("the value of '%s' is nested too deep".formatted(key));
    }
    return json.getText();
  }

  private static UsageException wrong(String reason) {
    return new UsageException("Cannot read the request: " + reason, SEE);
  }

  public Optional<String> text(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text) {
      return Optional.of(text);
    }
    throw wrong("the value of '%s' must be a text".formatted(key));
  }

  /** The texts of a list, or the only text. */
  public List<String> texts(String key) {
    Object value = values.getOrDefault(key, List.of());
    if (value instanceof String text) {
      return List.of(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Object::toString).toList();
    }
    throw wrong("the value of '%s' must be a list".formatted(key));
  }

  public SortedMap<String, String> map(String key) {
    Object value = values.getOrDefault(key, Map.of());
    if (value instanceof Map<?, ?> map) {
      SortedMap<String, String> texts = new TreeMap<>();
      map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
      return texts;
    }
    throw wrong("the value of '%s' must be an object".formatted(key));
  }
}
