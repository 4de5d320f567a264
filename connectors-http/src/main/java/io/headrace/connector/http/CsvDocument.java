package io.headrace.connector.http;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of CSV as RFC 4180 has it: the first line names the columns. Nothing is null, and an empty
 * text is a pair of quotes.
 */
final class CsvDocument implements Document {
  private static final int LONGEST_VALUE = 64 << 20;
  private static final int END = -1;

  private final List<Field> fields;
  private final Row row;
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable String> values = new ArrayList<>();
  private long line;
  private int last;

  CsvDocument(List<Field> fields) {
    this.fields = List.copyOf(fields);
    this.row = new Row(fields);
  }

  @Override
  public Page read(Reader in, RowSink rows) throws IOException {
    line = 0;
    last = 0;
    if (!next(in)) {
      throw new InvalidAnswerException(
          "its answer is empty", "A CSV file begins with a line of the names of its columns");
    }
    List<@Nullable String> header = new ArrayList<>(values);
    int[] columns = new int[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      String name = fields.get(i).names().get(0);
      columns[i] = header.indexOf(name);
      if (columns[i] < 0 || header.lastIndexOf(name) != columns[i]) {
        throw new InvalidAnswerException(
            columns[i] < 0
                ? "its answer has no column '%s'".formatted(name)
                : "its answer has two columns '%s'".formatted(name),
            "Its columns are " + String.join(", ", header.stream().map(String::valueOf).toList()));
      }
    }
    long count = 0;
    while (next(in)) {
      if (values.size() != header.size()) {
        throw new InvalidAnswerException(
            "line %,d has %d values, and the first line has %d"
                .formatted(line, values.size(), header.size()),
            "Look at the answer with another client");
      }
      for (int i = 0; i < columns.length; i++) {
        String value = values.get(columns[i]);
        row.set(i, value == null ? Json.none() : new Json.Scalar(true, value));
      }
      rows.add(row.texts());
      count++;
    }
    return new Page(count, Optional.empty());
  }

  /** Reads the values of the next line that is not empty; false if there is none. */
  private boolean next(Reader in) throws IOException {
    do {
      values.clear();
      if (last == END) {
        return false;
      }
      line++;
      do {
        values.add(value(in));
      } while (last == ',');
    } while (values.size() == 1 && values.get(0) == null);
    return true;
  }

  /** Reads a value, and what ends it into {@code last}. */
  private @Nullable String value(Reader in) throws IOException {
    text.setLength(0);
    int c = in.read();
    boolean isQuoted = c == '"';
    if (isQuoted) {
      quoted(in);
      c = in.read();
    }
    while (c != ',' && c != '\n' && c != '\r' && c != END) {
      if (isQuoted || c == '"') {
        throw new InvalidAnswerException(
            "line %,d has a quote where none may be".formatted(line),
            "Look at the answer with another client");
      }
      add(c);
      c = in.read();
    }
    if (c == '\r') {
      c = in.read();
      if (c != '\n') {
        throw new InvalidAnswerException(
            "line %,d ends with CR and no LF".formatted(line),
            "Look at the answer with another client");
      }
    }
    last = c;
    return isQuoted || text.length() > 0 ? text.toString() : null;
  }

  private void quoted(Reader in) throws IOException {
    while (true) {
      int c = in.read();
      if (c == END) {
        throw new InvalidAnswerException(
            "it ends within a value in quotes", "Look at the answer with another client");
      }
      if (c == '"') {
        in.mark(1);
        if (in.read() != '"') {
          in.reset();
          return;
        }
      }
      add(c);
    }
  }

  private void add(int c) throws IOException {
    if (text.length() == LONGEST_VALUE) {
      throw new InvalidAnswerException(
          "line %,d has a value of more than %,d characters".formatted(line, LONGEST_VALUE),
          "Is a quote missing?");
    }
    text.append((char) c);
  }
}
