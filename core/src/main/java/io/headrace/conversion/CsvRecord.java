package io.headrace.conversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One record of a CSV file, cut into its values line by line. Not for several threads. */
final class CsvRecord {
  private final Dialect dialect;
  private final List<String> values = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private boolean isInQuotes;
  private @Nullable String error;

  CsvRecord(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Which characters mean something. */
  record Dialect(char delimiter, char quote, char escape) {}

  /** Whether a value in quotes goes on in the next line. */
  boolean isOpen() {
    return isInQuotes && error == null;
  }

  /** Why it is no record, if it is none. */
  Optional<String> error() {
    return isInQuotes ? Optional.of("a quote is never closed") : Optional.ofNullable(error);
  }

  List<String> values() {
    return values;
  }

  /** Adds a line, without what ends it. */
  void add(String line) {
    int at = isInQuotes ? quoted(line, 0) : begin(line, 0);
    while (at < line.length() && error == null) {
      // A delimiter is here, and a value behind it.
      at = begin(line, at + 1);
    }
  }

  /** What ended the last line is a part of the value. */
  void addLineEnd(String end) {
    value.append(end);
  }

  /** Reads a value, and returns where the delimiter behind it is, or the end of the line. */
  private int begin(String line, int start) {
    if (start < line.length() && line.charAt(start) == dialect.quote()) {
      isInQuotes = true;
      return quoted(line, start + 1);
    }
    int end = line.indexOf(dialect.delimiter(), start);
    end = end < 0 ? line.length() : end;
    values.add(line.substring(start, end));
    return end;
  }

  private int quoted(String line, int start) {
    for (int i = start; i < line.length(); i++) {
      char c = line.charAt(i);
      char next = i + 1 < line.length() ? line.charAt(i + 1) : '\0';
      if (c == dialect.escape()
          && (next == dialect.quote() || next == c)
          && i + 1 < line.length()) {
        value.append(next);
        i++;
      } else if (c == dialect.quote()) {
        isInQuotes = false;
        values.add(value.toString());
        value.setLength(0);
        if (i + 1 < line.length() && next != dialect.delimiter()) {
          error = "text behind a quote";
        }
        return i + 1;
      } else {
        value.append(c);
      }
    }
    return line.length();
  }
}
