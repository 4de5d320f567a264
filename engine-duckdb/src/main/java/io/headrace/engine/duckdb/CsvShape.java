package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Refuses CSV files that DuckDB could not cut into columns. Where rows have different numbers of
 * values it finds no delimiter that fits, takes each line as one value, and says nothing.
 */
final class CsvShape {
  private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");
  private static final Set<String> DELIMITER_OPTIONS = Set.of("delim", "delimiter", "sep");

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
}
