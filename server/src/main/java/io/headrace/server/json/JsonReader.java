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
import java.util.function.Consumer;

/**
 * A JSON object that somebody sent or answered: texts, lists of texts and objects of texts by known
 * keys.
 */
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
    if (text.isBlank()) {
      return new JsonReader(Map.of());
    }
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw wrong("that is no object");
      }
      JsonReader object =
          object(
              json,
              key -> {
                if (!known.contains(key)) {
                  throw new UsageException(
                      "Unknown key '%s'".formatted(key), NearestWord.hint(key, known, SEE));
                }
              });
      if (json.nextToken() != null) {
        throw wrong("there is something behind the object");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw wrong(e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an answer of a server: an object, or several in a list, with whatever keys.
   *
   * @throws IOException if it is something else
   */
  public static List<JsonReader> answer(String text) throws IOException {
    List<JsonReader> objects = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      boolean isList = json.nextToken() == JsonToken.START_ARRAY;
      if (isList) {
        json.nextToken();
      }
      while (json.currentToken() == JsonToken.START_OBJECT) {
        objects.add(object(json, key -> {}));
        json.nextToken();
      }
      if (json.currentToken() != (isList ? JsonToken.END_ARRAY : null)) {
        throw new IOException("The answer is no JSON object");
      }
      return objects;
    } catch (UsageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static JsonReader object(JsonParser json, Consumer<String> keys) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      keys.accept(key);
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        values.put(key, value(json, key));
      }
    }
    return new JsonReader(values);
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

  public boolean has(String key) {
    return values.containsKey(key);
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
