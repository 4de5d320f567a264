package io.headrace.connector.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows of JSON: objects in lists of one document, or one behind the other. What is around the
 * objects is passed over as it is read, and one of them is in memory at a time.
 */
final class JsonDocument implements Document {
  // A name that is there twice could be read in two ways. It would stay in a table of names.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final int MOST_NAMES = 8;

  private final boolean areLines;
  private final RecordPath records;
  private final List<Field> fields;
  private final List<String> token;
  private final Row row;
  private final List<Json> outer = new ArrayList<>();

  JsonDocument(ApiSettings settings) {
    this.areLines = settings.format() == ApiSettings.Format.NDJSON;
    this.records = settings.records();
    this.fields = settings.fields();
    this.token = settings.pages().token();
    this.row = new Row(fields);
  }

  @Override
  public Page read(Reader text, RowSink rows) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      Reading reading = new Reading(parser, rows);
      JsonToken first = parser.nextToken();
      if (areLines) {
        reading.lines(first);
      } else {
        reading.document(first);
      }
      return new Page(reading.elements, Optional.ofNullable(reading.found));
    } catch (Json.TooManyException e) {
      throw new InvalidAnswerException(
          String.valueOf(e.getMessage()), "Are `records` the right list, or is it one further in?");
    } catch (JsonProcessingException e) {
      throw new InvalidAnswerException(
          "its answer is no JSON that can be read: "
              + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse(""),
          "Look at the answer with another client");
    }
  }

  /** The names that count in the objects of a list. */
  private Set<String> names(int list) {
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (field.up() == records.depth() - 1 - list) {
        names.add(field.names().get(0));
      }
    }
    if (list + 1 < records.depth()) {
      names.add(records.lists().get(list + 1).get(0));
    }
    return names;
  }

  /** One document on its way. */
  private final class Reading {
    private final JsonParser parser;
    private final RowSink rows;
    private final Json.Builder builder;
    private final Set<String> names = names(0);
    private final Set<String> beside = new TreeSet<>();
    private long elements;
    private boolean hasList;
    private @Nullable String found;

    Reading(JsonParser parser, RowSink rows) {
      this.parser = parser;
      this.rows = rows;
      this.builder = new Json.Builder(parser);
    }

    void lines(@Nullable JsonToken first) throws IOException {
      for (JsonToken token = first; token != null; token = parser.nextToken()) {
        element(token);
      }
    }

    void document(@Nullable JsonToken first) throws IOException {
      if (first == null) {
        throw new InvalidAnswerException("its answer is empty", "Is `path` of the source right?");
      }
      List<String> way = records.lists().get(0);
      if (way.isEmpty()) {
        list(first);
      } else if (first == JsonToken.START_OBJECT) {
        object(0, true, true);
      } else {
        parser.skipChildren();
      }
      if (!hasList) {
        throw new InvalidAnswerException(
            "there is no '%s' in its answer".formatted(records.first()),
            beside.isEmpty()
                ? "Say in `records` where the list of rows is"
                : "Say in `records` where the list of rows is; there are "
                    + String.join(", ", beside));
      }
      if (parser.nextToken() != null) {
        throw new InvalidAnswerException(
            "something follows the document in its answer", "Is it `format: ndjson`?");
      }
    }

    /**
     * Passes through an object on the way to the list, to the token, or to both.
     *
     * @param depth how many names led here
     */
    private void object(int depth, boolean toList, boolean toToken) throws IOException {
      List<String> way = records.lists().get(0);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        boolean isList = toList && depth < way.size() && name.equals(way.get(depth));
        boolean isToken = toToken && depth < token.size() && name.equals(token.get(depth));
        if (depth == 0 && beside.size() < MOST_NAMES) {
          beside.add(name);
        }
        if (isList && depth == way.size() - 1) {
          list(value);
        } else if (isToken && depth == token.size() - 1) {
          token(value);
        } else if (value == JsonToken.START_OBJECT && (isList || isToken)) {
          object(depth + 1, isList, isToken);
        } else {
          // Nothing may stand for no rows, also where their object would be.
          hasList |= isList && value == JsonToken.VALUE_NULL;
          parser.skipChildren();
        }
      }
    }

    private void token(JsonToken value) throws IOException {
      if (value.isStructStart()) {
        throw new InvalidAnswerException(
            "'%s' is neither text nor a number".formatted(String.join(".", token)),
            "Say in `pages` where the document tells what is asked for next");
      }
      boolean isNone = value == JsonToken.VALUE_NULL || value == JsonToken.VALUE_FALSE;
      found = isNone || parser.getText().isEmpty() ? null : parser.getText();
    }

    private void list(JsonToken value) throws IOException {
      hasList = true;
      if (value == JsonToken.VALUE_NULL) {
        return;
      }
      if (value != JsonToken.START_ARRAY) {
        parser.skipChildren();
        throw new InvalidAnswerException(
            records.first().isEmpty()
                ? "its answer is no list"
                : "'%s' in its answer is no list".formatted(records.first()),
            "Say in `records` where the list of rows is");
      }
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        element(token);
      }
    }

    private void element(JsonToken token) throws IOException {
      elements++;
      if (token != JsonToken.START_OBJECT) {
        throw noObject(elements);
      }
      outer.add(builder.fields(names));
      within(1);
      outer.clear();
    }

    private InvalidAnswerException noObject(long number) {
      return new InvalidAnswerException(
          "row %,d is no object".formatted(number),
          "Rows are objects; read other lists as VARCHAR, as part of the row that they are in");
    }

    /** Goes into the lists of the object that was added last. */
    private void within(int list) throws IOException {
      Json here = outer.get(outer.size() - 1);
      if (list == records.depth()) {
        emit();
        return;
      }
      Json value = at(here, records.lists().get(list));
      if (value instanceof Json.Null) {
        return;
      }
      if (!(value instanceof Json.Elements inner)) {
        throw new InvalidAnswerException(
            "'%s' of row %,d is no list"
                .formatted(String.join(".", records.lists().get(list)), elements),
            "Say in `records` where the list of rows is");
      }
      for (Json element : inner.values()) {
        if (!(element instanceof Json.Fields)) {
          throw noObject(elements);
        }
        outer.add(element);
        within(list + 1);
        outer.remove(outer.size() - 1);
      }
    }

    private void emit() throws IOException {
      for (int i = 0; i < fields.size(); i++) {
        Field field = fields.get(i);
        row.set(i, at(outer.get(outer.size() - 1 - field.up()), field.names()));
      }
      rows.add(row.texts());
    }

    private Json at(Json start, List<String> names) throws IOException {
      Json here = start;
      for (String name : names) {
        if (!(here instanceof Json.Fields) && !(here instanceof Json.Null)) {
          throw new InvalidAnswerException(
              "there is no '%s' within row %,d: what leads to it is no object"
                  .formatted(String.join(".", names), elements),
              "Look at the path under `fields` or `records`");
        }
        here = here.field(name);
      }
      return here;
    }
  }
}
