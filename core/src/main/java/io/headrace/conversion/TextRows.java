package io.headrace.conversion;

import io.headrace.connector.Staged;
import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CsvRow;
import io.headrace.connector.staging.ExactText;
import io.headrace.conversion.TextLines.Line;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.Checked;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.Query.PathColumn;
import io.headrace.engine.Sifting;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text files into rows of texts, one for each record, whatever is in it: where the engine
 * stops at a record that it cannot read, or leaves it out, here it is a row with the error. Not for
 * several threads.
 */
final class TextRows {
  static final List<String> CSV_OPTIONS =
      List.of("delim", "delimiter", "sep", "quote", "escape", "header", "nullstr");
  static final List<String> JSON_OPTIONS = List.of("format");

  /** A quote that is not closed within so many lines is a mistake in its line alone. */
  private static final int MOST_LINES = 1_000;

  private static final int MOST_SHOWN = 100;
  private static final List<DeclaredColumn> ORIGIN =
      List.of(
          new DeclaredColumn("(source)", "VARCHAR"),
          new DeclaredColumn("(position)", "BIGINT"),
          new DeclaredColumn("(raw)", "VARCHAR"),
          new DeclaredColumn(Sifting.ERROR, "VARCHAR"));

  private final Path root;
  private final FileScan scan;
  private final boolean isJson;
  private final CsvFiles files;
  private final Cancellation cancel;
  private final CsvRow row = new CsvRow();
  private final Set<String> found = new HashSet<>();
  private final List<Optional<Predicate<String>>> exact;

  private TextRows(Path root, Checked checked, CsvFiles files, Cancellation cancel) {
    this.root = root;
    this.scan = checked.texts();
    this.isJson = checked.of() == Format.JSON;
    this.files = files;
    this.cancel = cancel;
    this.exact = scan.columns().stream().map(c -> ExactText.predicate(c.type())).toList();
  }

  /**
   * The same rows in files that the engine reads, whatever is in them.
   *
   * @param root which names of files are relative to
   * @param folder where the files go
   */
  static Checked stage(Path root, Checked checked, Path folder, Cancellation cancel)
      throws IOException {
    FileScan scan = checked.texts();
    requireKnown(scan, checked.of() == Format.JSON ? JSON_OPTIONS : CSV_OPTIONS);
    try (CsvFiles files = new CsvFiles(folder)) {
      TextRows rows = new TextRows(root, checked, files, cancel);
      for (Path file : scan.files()) {
        rows.add(file);
      }
      rows.requireColumns();
      List<DeclaredColumn> columns = new ArrayList<>();
      if (checked.of() == Format.CSV) {
        scan.columns().forEach(c -> columns.add(new DeclaredColumn(c.name(), "VARCHAR")));
      }
      scan.pathColumns().forEach(c -> columns.add(new DeclaredColumn(c.name(), "VARCHAR")));
      columns.addAll(ORIGIN);
      Staged staged = files.finish(columns);
      FileScan texts =
          new FileScan(
              staged.format(), staged.files(), staged.columns(), List.of(), staged.options());
      return new Checked(texts, checked.of(), checked.columns());
    }
  }

  private static void requireKnown(FileScan scan, List<String> known) {
    for (String option : scan.options().keySet()) {
      if (!known.contains(option)) {
        throw new HeadraceException(
            "Option '%s' has no meaning for %s files whose bad lines are rejected"
                .formatted(option, scan.format()),
            NearestWord.hint(option, known, "Known options: " + String.join(", ", known)));
      }
    }
    boolean hasHeader = scan.options().getOrDefault("header", "true").matches("(?i)true|1");
    boolean isByLine = scan.options().getOrDefault("format", "nd").matches("nd|newline_delimited");
    boolean isPacked =
        scan.files().stream().anyMatch(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(".zst"));
    if (!hasHeader || !isByLine || isPacked) {
      throw new HeadraceException(
          "Cannot reject lines of %s files %s"
              .formatted(
                  scan.format(),
                  isPacked
                      ? "that are compressed with zstd"
                      : hasHeader ? "that have no object on each line" : "without a header"),
          "Leave `reject` out, and reject rows in a table that reads this one");
    }
  }

  private void requireColumns() {
    for (DeclaredColumn column : scan.columns()) {
      if (!isJson && !found.isEmpty() && !found.contains(column.name().toLowerCase(Locale.ROOT))) {
        throw new HeadraceException(
            "No file has the column '%s' in its header".formatted(column.name()),
            "Is another character between the values? Say which one: `options: {delim: \";\"}`");
      }
    }
  }

  private void add(Path file) throws IOException {
    String source = root.relativize(file.toAbsolutePath()).toString().replace('\\', '/');
    try (TextLines lines = TextLines.of(file)) {
      if (isJson) {
        addJson(file, source, lines);
      } else {
        addCsv(file, source, lines);
      }
    }
  }

  private void addJson(Path file, String source, TextLines lines) throws IOException {
    for (Line line = lines.next(); line != null; line = lines.next()) {
      cancel.throwIfRequested();
      if (!line.text().isBlank()) {
        end(file, source, line.number(), line.text(), notText(line));
      }
    }
  }

  private static @Nullable String notText(Line line) {
    return line.isText() ? null : "not UTF-8; `raw::BLOB` has its bytes";
  }

  private void addCsv(Path file, String source, TextLines lines) throws IOException {
    CsvRecord.Dialect dialect = dialect(file);
    Line first = lines.next();
    if (first == null) {
      return;
    }
    Parsed header = record(dialect, first, lines);
    if (!header.error().isEmpty()) {
      throw new HeadraceException(
          "Cannot read the header of '%s': %s".formatted(source, header.error()),
          "The first line has the names of the columns");
    }
    int[] places = places(header.values());
    String nothing = scan.options().getOrDefault("nullstr", "");
    for (Line line = lines.next(); line != null; line = lines.next()) {
      cancel.throwIfRequested();
      if (line.text().isEmpty() && header.values().size() > 1) {
        continue;
      }
      Parsed record = record(dialect, line, lines);
      String error = record.error();
      if (error.isEmpty() && record.values().size() != header.values().size()) {
        error = "%d values instead of %d".formatted(record.values().size(), header.values().size());
      }
      String inexact = fields(record, places, nothing, error.isEmpty());
      error = error.isEmpty() ? inexact : error;
      end(file, source, line.number(), record.raw(), error.isEmpty() ? null : error);
    }
  }

  private CsvRecord.Dialect dialect(Path file) {
    Map<String, String> options = scan.options();
    boolean hasTabs = file.toString().toLowerCase(Locale.ROOT).matches(".*\\.tsv(\\.gz)?");
    String delimiter = hasTabs ? "\t" : ",";
    for (String name : List.of("delim", "delimiter", "sep")) {
      delimiter = options.getOrDefault(name, delimiter).replace("\\t", "\t");
    }
    String quote = options.getOrDefault("quote", "\"");
    String escape = options.getOrDefault("escape", quote);
    if (delimiter.length() != 1 || quote.length() != 1 || escape.length() != 1) {
      throw new HeadraceException(
          "Cannot reject lines of CSV files with `delim`, `quote` or `escape` of more or less than"
              + " one character",
          "Leave `reject` out, and reject rows in a table that reads this one");
    }
    return new CsvRecord.Dialect(delimiter.charAt(0), quote.charAt(0), escape.charAt(0));
  }

  /** Where in a record the value of each declared column is, or -1. */
  private int[] places(List<String> header) {
    List<String> names = header.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
    found.addAll(names);
    return scan.columns().stream()
        .mapToInt(column -> names.indexOf(column.name().toLowerCase(Locale.ROOT)))
        .toArray();
  }

  /**
   * A record.
   *
   * @param error why it is none, or empty
   */
  private record Parsed(String raw, List<String> values, String error) {}

  /** The record that begins with a line. If that is no record, the lines behind it are left. */
  private static Parsed record(CsvRecord.Dialect dialect, Line first, TextLines lines)
      throws IOException {
    if (!first.isText()) {
      return new Parsed(first.text(), List.of(), String.valueOf(notText(first)));
    }
    CsvRecord record = new CsvRecord(dialect);
    StringBuilder raw = new StringBuilder(first.text());
    List<Line> more = new ArrayList<>();
    Line last = first;
    record.add(first.text());
    while (record.isOpen() && more.size() < MOST_LINES) {
      Line next = lines.next();
      if (next == null) {
        break;
      }
      more.add(next);
      if (!next.isText()) {
        break;
      }
      record.addLineEnd(last.end());
      raw.append(last.end()).append(next.text());
      record.add(next.text());
      last = next;
    }
    if (record.error().isPresent()) {
      lines.giveBack(more);
      return new Parsed(first.text(), List.of(), record.error().get());
    }
    return new Parsed(raw.toString(), record.values(), "");
  }

  /** Writes the values of the declared columns, and returns what is wrong with them, or nothing. */
  private String fields(Parsed record, int[] places, String nothing, boolean areThere) {
    String error = "";
    for (int i = 0; i < places.length; i++) {
      String text = areThere && places[i] >= 0 ? record.values().get(places[i]) : nothing;
      if (!text.equals(nothing)) {
        boolean isExact = exact.get(i).map(predicate -> predicate.test(text)).orElse(true);
        if (isExact) {
          put(text);
        } else if (error.isEmpty()) {
          DeclaredColumn column = scan.columns().get(i);
          error =
              "column '%s': '%s' is not exactly a value of type %s"
                  .formatted(column.name(), shown(text), column.type());
        }
      }
      row.separate();
    }
    return error;
  }

  private static String shown(String text) {
    return text.codePointCount(0, text.length()) > MOST_SHOWN
        ? text.substring(0, text.offsetByCodePoints(0, MOST_SHOWN)) + "..."
        : text;
  }

  private void end(Path file, String source, long position, String raw, @Nullable String error)
      throws IOException {
    for (PathColumn column : scan.pathColumns()) {
      column.valueOf(file.toString()).ifPresent(this::put);
      row.separate();
    }
    put(source);
    row.separate();
    row.plain(Long.toString(position));
    row.separate();
    put(raw);
    row.separate();
    if (error != null) {
      put(error);
    }
    row.end(files);
  }

  private void put(String text) {
    if (!row.quoted(text)) {
      throw new IllegalStateException("Half of a character");
    }
  }
}
