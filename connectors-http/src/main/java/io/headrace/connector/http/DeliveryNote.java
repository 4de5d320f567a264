package io.headrace.connector.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the rows that an API has taken.
 *
 * @param version whose rows it holds, if it holds those of any
 * @param begun versions of which it may hold some rows besides, oldest first
 * @param id of the last delivery, which makes its requests others than those of any other; empty if
 *     whoever keeps the note does not keep that
 * @param rows tells what the last delivery brings from anything else
 * @param isRefused whether the API did not take the rest of it
 * @param done how many rows of it were taken
 * @param doubt how many rows behind those were sent together, and may have been taken
 */
record DeliveryNote(
    Optional<String> version,
    List<String> begun,
    String id,
    String rows,
    boolean isRefused,
    long done,
    int doubt) {
  static final DeliveryNote NONE = whole(Optional.empty(), "");

  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> NAMES =
      Set.of("version", "begun", "delivery", "rows", "refused", "done", "doubt");

  DeliveryNote {
    begun = List.copyOf(begun);
  }

  /** Of an API that holds the rows of a version and no others. */
  static DeliveryNote whole(Optional<String> version, String id) {
    return new DeliveryNote(version, List.of(), id, "", false, 0, 0);
  }

  /** Another delivery begins. */
  DeliveryNote begin(String next, String newId, String newRows) {
    List<String> all = new ArrayList<>(begun);
    all.remove(next);
    all.add(next);
    return new DeliveryNote(version, all, newId, newRows, false, 0, 0);
  }

  /** Nothing of the last delivery is there. */
  DeliveryNote withdraw() {
    return new DeliveryNote(
        version, begun.subList(0, begun.size() - 1), id, "", !begun.isEmpty(), 0, 0);
  }

  DeliveryNote at(long nowDone, int nowDoubt, boolean nowRefused) {
    return new DeliveryNote(version, begun, id, rows, nowRefused, nowDone, nowDoubt);
  }

  /** Whether both speak of the same delivery, however far it is. */
  boolean isSame(DeliveryNote other) {
    return version.equals(other.version) && begun.equals(other.begun) && id.equals(other.id);
  }

  boolean goesOnWith(String wanted, String wantedRows) {
    return !begun.isEmpty()
        && begun.get(begun.size() - 1).equals(wanted)
        && rows.equals(wantedRows);
  }

  /** As JSON; how far the delivery is, is no business of the API. */
  String text(boolean withProgress) {
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("version", new Json.Scalar(true, version.orElse("")));
    fields.put(
        "begun",
        new Json.Elements(begun.stream().<Json>map(name -> new Json.Scalar(true, name)).toList()));
    fields.put("delivery", new Json.Scalar(true, id));
    fields.put("rows", new Json.Scalar(true, rows));
    if (withProgress) {
      fields.put("refused", new Json.Scalar(false, Boolean.toString(isRefused)));
      fields.put("done", new Json.Scalar(false, Long.toString(done)));
      fields.put("doubt", new Json.Scalar(false, Integer.toString(doubt)));
    }
    StringBuilder out = new StringBuilder();
    new Json.Fields(fields).write(out);
    return out.toString();
  }

  /**
   * Reads JSON. What is not there is taken for nothing.
   *
   * @throws IOException if it is no object of JSON
   */
  static DeliveryNote parse(InputStream in) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is no object of JSON");
      }
      Json note = new Json.Builder(parser).fields(NAMES);
      List<String> begun = new ArrayList<>();
      if (note.field("begun") instanceof Json.Elements names) {
        names.values().forEach(name -> begun.add(text(name)));
      }
      return new DeliveryNote(
          Optional.of(text(note.field("version"))).filter(name -> !name.isEmpty()),
          begun,
          text(note.field("delivery")),
          text(note.field("rows")),
          text(note.field("refused")).equals("true"),
          number(note.field("done")),
          (int) Math.min(number(note.field("doubt")), Integer.MAX_VALUE));
    }
  }

  private static String text(Json value) {
    return value instanceof Json.Scalar scalar ? scalar.text() : "";
  }

  private static long number(Json value) {
    String text = text(value);
    return text.matches("\\d{1,9}|[1-9]\\d{9,17}") ? Long.parseLong(text) : 0;
  }
}
