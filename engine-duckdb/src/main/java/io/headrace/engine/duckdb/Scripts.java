package io.headrace.engine.duckdb;

import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.duckdb.SyntaxTree.FileUse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns queries into scripts that read relative paths from one folder. */
final class Scripts {
  private static final int REMEMBERED = 200;

  /** Whatever DuckDB could read a file for: an extension that it knows, or a function. */
  private static final Pattern READS_FILES =
      Pattern.compile(
          "(?i)\\.(csv|tsv|json|jsonl|ndjson|parquet|db|ddb|duckdb)|read_|parquet_|glob|sniff_");

  private final Database database;
  private final Path folder;
  private final Map<String, List<FileUse>> files =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, List<FileUse>> eldest) {
              return size() > REMEMBERED;
            }
          });

  Scripts(Database database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  Script of(Query query) {
    if (query instanceof Query.Select select) {
      return of(select.sql());
    }
    if (query instanceof Query.Stamped stamped) {
      String column = SqlText.identifier(stamped.column());
      return of(stamped.rows())
          .within("SELECT *, %s AS %s FROM (".formatted(moment(stamped), column), ")");
    }
    if (query instanceof Query.Checked checked) {
      return Script.internal(
          CheckedRows.of(checked), checked.texts().files().stream().map(Path::toString).toList());
    }
    if (query instanceof Query.Sifted sifted) {
      return of(sifted.rows()).within(sifted.sifting().before(), sifted.sifting().after());
    }
    if (query instanceof Query.Keyed) {
      throw new IllegalArgumentException("A rule for keys needs the columns of its rows");
    }
    if (query instanceof Query.WithColumns with) {
      String columns =
          with.columns().stream()
              .map(column -> column.literal() + " AS " + SqlText.identifier(column.name()))
              .collect(Collectors.joining(", "));
      return of(with.query().sql()).within("SELECT " + columns + ", * FROM (", ")");
    }
    Query.FileScan scan = (Query.FileScan) query;
    return Script.internal(Scans.of(scan), scan.files().stream().map(Path::toString).toList());
  }

  static String moment(Query.Stamped stamped) {
    return "TIMESTAMPTZ " + SqlText.literal(stamped.moment().toString());
  }

  private Script of(String sql) {
    if (!READS_FILES.matcher(sql).find()) {
      return Script.of(sql);
    }
    List<FileUse> uses = files.get(sql);
    if (uses == null) {
      uses = DuckDbEngine.readAll(database, List.of(sql)).get(0).files();
      files.put(sql, uses);
    }
    for (FileUse use : uses) {
      if (use.start() < 0 && Script.isRelative(use.path())) {
        throw new QueryException(
            "DuckDB does not tell where '%s' is in the query".formatted(use.path()),
            "Write SELECT ... FROM '%s'".formatted(use.path()));
      }
    }
    return Script.of(sql, uses, folder);
  }
}
