package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Refuses CSV files that DuckDB could not cut into columns. Where rows have different numbers of
 * values it finds no delimiter that fits and takes each line as one value, or it leaves out the
 * first lines until the rest fits, be they rows or the names of the columns. It says nothing of
 * either.
 */
final class CsvShape {
  private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");
  private static final Set<String> DELIMITER_OPTIONS = Set.of("delim", "delimiter", "sep");

  /** Who gives one of them says what is left out, or reads without looking. */
  private static final Set<String> SKIPPING_OPTIONS =
      Set.of("skip", "auto_detect", "ignore_errors", "store_rejects");

  /** Those without which no line of a file can be read. */
  private static final List<String> BYTE_OPTIONS = List.of("compression", "encoding");

  /** No text has it. */
  private static final String NO_DELIMITER = "\u0001";

  private static final int LONGEST_LINE = 1 << 16;

  private final Workspace workspace;

  CsvShape(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Checks what was found.
   *
   * @throws QueryException if all columns seem to be in one, with the row that is to blame if it
   *     can be found
   */
  void requireSeparated(FileScan scan, List<Column> columns, Cancellation cancel) {
    boolean isChosen = !Collections.disjoint(scan.options().keySet(), DELIMITER_OPTIONS);
    if (scan.format() != Format.CSV || columns.size() != 1 || isChosen) {
      return;
    }
    String header = columns.get(0).name();
    Optional<String> delimiter = DELIMITERS.stream().filter(header::contains).findFirst();
    if (delimiter.isPresent()) {
      readStrictly(scan, header, delimiter.get(), cancel);
      throw new QueryException(
          "Cannot cut the CSV file into columns: all of '%s' is one".formatted(header),
          "Say how in a .yaml file: `files: ...` and `options: {delim: '%s'}`"
              .formatted(delimiter.get()));
    }
  }

  /** Reads with that delimiter, which fails at the row with too many or too few values. */
  private void readStrictly(FileScan scan, String header, String delimiter, Cancellation cancel) {
    String files =
        scan.files().stream()
            .map(Path::toString)
            .map(SqlText::literal)
            .collect(Collectors.joining(", ", "[", "]"));
    int width = header.split(Pattern.quote(delimiter), -1).length;
    // The names in the header may be empty, or there twice.
    String columns =
        IntStream.range(0, width)
            .mapToObj(i -> "'column %d': 'VARCHAR'".formatted(i))
            .collect(Collectors.joining(", ", "{", "}"));
    Script script =
        Script.internal(
            """
            SELECT count(*) FROM read_csv(%s, auto_detect = false, header = true, delim = %s,
              quote = '"', escape = '"', columns = %s)"""
                .formatted(files, SqlText.literal(delimiter), columns),
            scan.files().stream().map(Path::toString).toList());
    boolean unused = workspace.run(script, cancel, statement -> statement.execute(script.sql()));
  }

  /**
   * Checks that no line is left out. A file that begins with the names of its columns is not looked
   * at further: that costs as much as to find the columns.
   *
   * @throws QueryException if lines are left out that have more than one value
   */
  void requireWhole(FileScan scan, List<Column> columns, Cancellation cancel) {
    if (scan.format() != Format.CSV
        || !Collections.disjoint(scan.options().keySet(), SKIPPING_OPTIONS)) {
      return;
    }
    Set<String> names =
        columns.stream()
            .map(column -> column.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    for (Path file : scan.files()) {
      if (!beginsWith(names, file)) {
        requireWhole(scan.options(), file, cancel);
      }
    }
  }

  private void requireWhole(SortedMap<String, String> options, Path file, Cancellation cancel) {
    String path = SqlText.literal(file.toString());
    Dialect found =
        first(
            "SELECT SkipRows, Delimiter FROM sniff_csv(%s%s)"
                .formatted(path, Scans.options(options)),
            file,
            cancel,
            row -> new Dialect(row.getInt(1), row.getString(2)));
    if (found.skipped() == 0) {
      return;
    }
    SortedMap<String, String> ofBytes = new TreeMap<>(options);
    ofBytes.keySet().retainAll(BYTE_OPTIONS);
    boolean hasValues =
        first(
            """
            SELECT count(*) > 0 FROM (
              FROM read_csv(%s, auto_detect = false, header = false, delim = '%s', quote = '',
                escape = '', columns = {'line': 'VARCHAR'}%s)
              LIMIT %d)
            WHERE contains(line, %s)"""
                .formatted(
                    path,
                    NO_DELIMITER,
                    Scans.options(ofBytes),
                    found.skipped(),
                    SqlText.literal(found.delimiter())),
            file,
            cancel,
            row -> row.getBoolean(1));
    if (hasValues) {
      String lines = found.skipped() == 1 ? "the line" : found.skipped() + " lines";
      throw new QueryException(
          "Cannot cut the CSV file '%s' into columns: %s at its begin %s another number of values than the rest"
              .formatted(file, lines, found.skipped() == 1 ? "has" : "have"),
          "Correct the file, or leave out what is no row: `options: {skip: %d}`"
              .formatted(found.skipped()));
    }
  }

  /** How DuckDB would read a file. */
  private record Dialect(int skipped, String delimiter) {}

  /** What is read of a result's row. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> T first(String sql, Path file, Cancellation cancel, Reading<T> reading) {
    Script script = Script.internal(sql, List.of(file.toString()));
    return workspace.run(
        script,
        cancel,
        statement -> {
          try (ResultSet result = statement.executeQuery(script.sql())) {
            boolean unused = result.next();
            return reading.of(result);
          }
        });
  }

  /** Whether it has names of columns and nothing else first, and then as many values. */
  private static boolean beginsWith(Set<String> names, Path file) {
    List<String> lines = firstLines(file);
    return DELIMITERS.stream()
        .map(delimiter -> lines.stream().map(line -> cut(line, delimiter)).toList())
        .anyMatch(
            cut ->
                !cut.isEmpty()
                    && names.containsAll(cut.get(0))
                    && cut.get(0).size() == cut.get(cut.size() - 1).size());
  }

  private static List<String> cut(String line, String delimiter) {
    return Arrays.stream(line.split(Pattern.quote(delimiter), -1)).map(CsvShape::unquoted).toList();
  }

  private static String unquoted(String name) {
    String text = name.strip();
    boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return (isQuoted ? text.substring(1, text.length() - 1) : text).toLowerCase(Locale.ROOT);
  }

  /** The first two lines of a file that are not empty; something else if it is packed. */
  private static List<String> firstLines(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST_LINE), StandardCharsets.UTF_8);
      return (text.startsWith("\uFEFF") ? text.substring(1) : text)
          .lines()
          .filter(line -> !line.isBlank())
          .limit(2)
          .toList();
    } catch (IOException e) {
      throw new QueryException("Cannot read '%s': %s".formatted(file, e.getMessage()), "");
    }
  }
}
