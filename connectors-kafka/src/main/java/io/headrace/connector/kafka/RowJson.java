package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.connector.Delivery;
import io.headrace.connector.staging.CsvReader;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Rows of a {@link Delivery} as JSON objects, such that a source that reads the topic has the same
 * values: numbers with all of their digits, times in ISO 8601. Not for several threads.
 */
final class RowJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<Column> columns;
  private final List<Column> key;
  private final int[] keyPlaces;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  RowJson(List<Column> columns, List<String> key) {
    this.columns = columns;
    this.keyPlaces =
        key.stream()
            .mapToInt(name -> columns.stream().map(Column::name).toList().indexOf(name))
            .toArray();
    this.key = key.stream().map(name -> columns.get(keyPlaces[key.indexOf(name)])).toList();
  }

  /** The columns of the key. */
  List<Column> key() {
    return key;
  }

  /** All columns of a row. */
  byte[] value(CsvReader row) throws IOException {
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    return object(columns, row, places);
  }

  /** The key of a row: the text of its column, or an object if there are several. */
  byte[] keyOfRow(CsvReader row) throws IOException {
    return key(row, keyPlaces);
  }

  /** The key that a row has, which is nothing else. */
  byte[] keyOfKey(CsvReader row) throws IOException {
    int[] places = new int[key.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    return key(row, places);
  }

  private byte[] key(CsvReader row, int[] places) throws IOException {
    String only = places.length == 1 ? row.value(places[0]) : null;
    return only == null ? object(key, row, places) : only.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] object(List<Column> fields, CsvReader row, int[] places) throws IOException {
    bytes.reset();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      for (int i = 0; i < places.length; i++) {
        json.writeFieldName(fields.get(i).name());
        String text = row.value(places[i]);
        if (text == null) {
          json.writeNull();
        } else {
          write(json, fields.get(i).type(), text);
        }
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, ColumnType type, String text) throws IOException {
    if (type instanceof Primitive primitive) {
      switch (primitive) {
        case BOOLEAN, INT, LONG -> json.writeRawValue(text);
        case FLOAT, DOUBLE -> writeFloat(json, text);
        case TIMESTAMP, TIMESTAMPTZ -> json.writeString(text.replaceFirst(" ", "T"));
        default -> json.writeString(text);
      }
    } else {
      // Decimals are numbers, and the rest is JSON already.
      json.writeRawValue(text);
    }
  }

  private static void writeFloat(JsonGenerator json, String text) throws IOException {
    if (Character.isLetter(text.charAt(text.length() - 1))) {
      // JSON has no number for what is infinite or none.
      json.writeString(text);
    } else {
      json.writeRawValue(text);
    }
  }
}
