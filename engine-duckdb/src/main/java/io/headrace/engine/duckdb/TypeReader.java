package io.headrace.engine.duckdb;

import io.headrace.engine.duckdb.Types.UnstorableException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.StructOf;
import java.util.ArrayList;
import java.util.List;

/** Reads a type as DuckDB spells it, such as {@code STRUCT(a INTEGER, "b c" VARCHAR[])[3]}. */
final class TypeReader {
  private final String text;
  private int at;

  TypeReader(String text) {
    this.text = text;
  }

  ColumnType read() throws UnstorableException {
    ColumnType type = type();
    if (at < text.length()) {
      throw unknown();
    }
    return type;
  }

  private ColumnType type() throws UnstorableException {
    ColumnType type = withoutBrackets();
    while (at < text.length() && text.charAt(at) == '[') {
      int end = text.indexOf(']', at);
      if (end < 0) {
        throw unknown();
      }
      // An array of a fixed length is stored as a list.
      at = end + 1;
      type = new ListOf(Column.of("element", type));
    }
    return type;
  }

  private ColumnType withoutBrackets() throws UnstorableException {
    String name = name();
    if (at >= text.length() || text.charAt(at) != '(') {
      return Types.primitive(name);
    }
    switch (name) {
      case "DECIMAL" -> {
        String parameters = parameters();
        int comma = parameters.indexOf(',');
        return new Decimal(
            Integer.parseInt(parameters.substring(0, comma).strip()),
            Integer.parseInt(parameters.substring(comma + 1).strip()));
      }
      case "STRUCT" -> {
        return struct();
      }
      case "MAP" -> {
        at++;
        ColumnType key = type();
        expect(',');
        ColumnType value = type();
        expect(')');
        return new MapOf(Column.of("key", key), Column.of("value", value));
      }
      default -> {
        parameters();
        return Types.primitive(name);
      }
    }
  }

  private ColumnType struct() throws UnstorableException {
    List<Column> fields = new ArrayList<>();
    do {
      at++;
      skipSpaces();
      String name = text.charAt(at) == '"' ? quoted('"') : word();
      skipSpaces();
      fields.add(Column.of(name, type()));
      skipSpaces();
    } while (at < text.length() && text.charAt(at) == ',');
    expect(')');
    return new StructOf(fields);
  }

  /** A type's name, which can be several words. */
  private String name() throws UnstorableException {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted('"');
    }
    int start = at;
    while (at < text.length() && ",()[]".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at).strip();
  }

  private String word() {
    int start = at;
    while (at < text.length() && text.charAt(at) != ' ') {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted(char quote) throws UnstorableException {
    StringBuilder result = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != quote) {
        result.append(c);
      } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
        result.append(quote);
        i++;
      } else {
        at = i + 1;
        return result.toString();
      }
    }
    throw unknown();
  }

  /** What is between the parentheses that start here. */
  private String parameters() throws UnstorableException {
    int start = at + 1;
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'' || c == '"') {
        quoted(c);
        continue;
      }
      at++;
      if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return text.substring(start, at - 1);
      }
    }
    throw unknown();
  }

  private void expect(char c) throws UnstorableException {
    skipSpaces();
    if (at >= text.length() || text.charAt(at) != c) {
      throw unknown();
    }
    at++;
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private UnstorableException unknown() {
    return new UnstorableException(text, "Cast it, for example to VARCHAR");
  }
}
