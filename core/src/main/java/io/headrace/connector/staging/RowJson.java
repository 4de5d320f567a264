package io.headrace.connector.staging;

import io.headrace.connector.Delivery;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of a {@link Delivery} as JSON objects, such that a source that reads them has the same
 * values: numbers with all of their digits, times in ISO 8601. Not for several threads.
 */
public final class RowJson {
  private static final HexFormat HEX = HexFormat.of();

  private final List<Column> columns;
  private final List<Column> key = new ArrayList<>();
  private final int[] all;
  private final int[] keyInRow;
  private final int[] keyInKey;
  private final StringBuilder out = new StringBuilder();

  /**
   * @param key names of columns
   */
  public RowJson(List<Column> columns, List<String> key) {
    this.columns = List.copyOf(columns);
    List<String> names = columns.stream().map(Column::name).toList();
    this.all = IntStream.range(0, columns.size()).toArray();
    this.keyInRow = key.stream().mapToInt(names::indexOf).toArray();
    this.keyInKey = IntStream.range(0, key.size()).toArray();
    for (int place : keyInRow) {
      this.key.add(columns.get(place));
    }
  }

  /** How many columns the key has. */
  public int keyLength() {
    return key.size();
  }

  /** All columns of a row, as an object. */
  public String value(CsvReader row) {
    return object(columns, row, all, "");
  }

  /** The columns of the key that a row has, which is nothing else, and {@code more} fields. */
  public String objectOfKey(CsvReader row, String more) {
    return object(key, row, keyInKey, more);
  }

  /** The key of a row: the text of its column, or an object if there are several. */
  public String keyOfRow(CsvReader row) {
    return key(row, keyInRow);
  }

  /** The key that a row has, which is nothing else. */
  public String keyOfKey(CsvReader row) {
    return key(row, keyInKey);
  }

  private String key(CsvReader row, int[] places) {
    String only = places.length == 1 ? row.value(places[0]) : null;
    return only == null ? object(key, row, places, "") : only;
  }

  private String object(List<Column> fields, CsvReader row, int[] places, String more) {
    out.setLength(0);
    out.append('{');
    for (int i = 0; i < places.length; i++) {
      out.append(i == 0 ? "" : ",");
      quote(fields.get(i).name());
      out.append(':');
      String text = row.value(places[i]);
      if (text == null) {
        out.append("null");
      } else {
        write(fields.get(i).type(), text);
      }
    }
    return out.append(more).append('}').toString();
  }

  private void write(ColumnType type, String text) {
    if (type instanceof Primitive primitive) {
      switch (primitive) {
        case BOOLEAN, INT, LONG -> out.append(text);
        case FLOAT, DOUBLE -> writeFloat(text);
        case TIMESTAMP, TIMESTAMPTZ -> quote(withT(text));
        default -> quote(text);
      }
    } else {
      // Decimals are numbers, and the rest is JSON already.
      out.append(text);
    }
  }

  /** What is between date and time in ISO 8601. */
  private static String withT(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space) + 'T' + text.substring(space + 1);
  }

  private void writeFloat(String text) {
    if (Character.isLetter(text.charAt(text.length() - 1))) {
      // JSON has no number for what is infinite or none.
      quote(text);
    } else {
      out.append(text);
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u").append(HEX.toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
