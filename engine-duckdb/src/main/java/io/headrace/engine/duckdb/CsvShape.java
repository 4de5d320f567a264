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
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Refuses CSV files that DuckDB could not cut into columns. Where rows have different numbers of
 * values it finds no delimiter that fits and takes each line as one value, or it leaves out the
 * first lines until the rest fits, be they rows or the names of the columns. It says nothing of
 * either.
 */
final class CsvShape {
  private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");
  private static final Set<String> DELIMITER_OPTIONS = Set.of("delim", "delimiter", "sep");

  private static final List<String> PACKED = List.of(".gz", ".zst");

  /** Those that say how a line is cut, or which lines there are. */
  private static final Set<String> DIALECT_OPTIONS =
      Set.of(
          "delim",
          "delimiter",
          "sep",
          "quote",
          "escape",
          "comment",
          "header",
          "new_line",
          "null_padding",
          "strict_mode",
          "encoding",
          "compression");

  /** Who gives one of them says what is left out, or reads without looking. */
  private static final Set<String> SKIPPING_OPTIONS =
      Set.of("skip", "auto_detect", "ignore_errors", "store_rejects");

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
      boolean isPacked = PACKED.stream().anyMatch(file.toString()::endsWith);
      if (isPacked || !beginsWith(names, file)) {
        requireWhole(scan, file, isPacked, cancel);
      }
    }
  }

  private void requireWhole(FileScan scan, Path file, boolean isPacked, Cancellation cancel) {
    String options =
        scan.options().entrySet().stream()
            .filter(option -> DIALECT_OPTIONS.contains(option.getKey()))
            .map(option -> ", " + Scans.option(option.getKey(), option.getValue()))
            .collect(Collectors.joining());
    Script script =
        Script.internal(
            "SELECT SkipRows, Delimiter FROM sniff_csv(%s%s)"
                .formatted(SqlText.literal(file.toString()), options),
            List.of(file.toString()));
    Dialect found = workspace.run(script, cancel, statement -> Dialect.of(statement, script));
    if (found.skipped() > 0
        && (isPacked || lines(file, found.skipped()).anyMatch(found::hasValues))) {
      throw new QueryException(
          "Cannot cut the CSV file '%s' into columns: %s at its begin %s another number of values than the rest"
              .formatted(
                  file,
                  found.skipped() == 1 ? "the line" : found.skipped() + " lines",
                  found.skipped() == 1 ? "has" : "have"),
          "Correct the file, or leave them out: `options: {skip: %d}`".formatted(found.skipped()));
    }
  }

  /** How DuckDB would read a file. */
  private record Dialect(int skipped, String delimiter) {
    static Dialect of(Statement statement, Script script) throws SQLException {
      try (ResultSet result = statement.executeQuery(script.sql())) {
        boolean unused = result.next();
        return new Dialect(result.getInt(1), result.getString(2));
      }
    }

    boolean hasValues(String line) {
      return line.contains(delimiter);
    }
  }

  /** Whether it has names of columns and nothing else first, and then as many values. */
  private static boolean beginsWith(Set<String> names, Path file) {
    List<String> lines =
        lines(file, Integer.MAX_VALUE).filter(line -> !line.isBlank()).limit(2).toList();
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

  /** The first lines of a file, as far as they are of a usual length. */
  private static Stream<String> lines(Path file, int most) {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST_LINE), StandardCharsets.UTF_8);
      return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().limit(most);
    } catch (IOException e) {
      throw new QueryException("Cannot read '%s': %s".formatted(file, e.getMessage()), "");
    }
  }
}
