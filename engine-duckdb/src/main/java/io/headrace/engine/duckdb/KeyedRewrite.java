package io.headrace.engine.duckdb;

import io.headrace.engine.KeyedUpdate.Written;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.TableData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the files of a version anew that hold rows which change: of large ones, rows change where
 * they are; small ones and rows without a place are put together, in the order of the key.
 */
final class KeyedRewrite {
  /** Rows that are not in the table any more: what tells them apart, and their file. */
  static final String REMOVED = "\"(removed)\"";

  /** Rows that were not in the table before. */
  static final String ADDED = "\"(added)\"";

  /** The place of a row's file among those that were looked at. */
  static final String FILE = "\"(file)\"";

  /** Smaller files are written together, in order. */
  private static final long SMALL_ROWS = 100_000;

  private static final String CHANGES = "\"(changes)\"";
  private static final String FRESH = "\"(fresh)\"";
  private static final String GONE = "\"(gone)\"";

  private final KeyedTables tables;
  private final KeyRule rule;
  private final KeyedSql sql;
  private final TableData before;
  private final ParquetWriter writer;
  private final boolean isPartitioned;

  KeyedRewrite(
      KeyedTables tables,
      KeyRule rule,
      KeyedSql sql,
      TableData before,
      ParquetWriter writer,
      boolean isPartitioned) {
    this.tables = tables;
    this.rule = rule;
    this.sql = sql;
    this.before = before;
    this.writer = writer;
    this.isPartitioned = isPartitioned;
  }

  /**
   * Either returns all files that it made, or leaves none.
   *
   * @param candidates the files that were looked at
   */
  Written write(List<DataFile> candidates) {
    pair();
    List<Integer> touched = touched();
    List<DataFile> replaced = touched.stream().map(candidates::get).toList();
    List<DataFile> written = new ArrayList<>();
    boolean done = false;
    try {
      writePieces(candidates, touched, written);
      done = true;
      return new Written(replaced, written);
    } finally {
      if (!done) {
        written.forEach(KeyedRewrite::delete);
      }
    }
  }

  /** Tells new rows that take the place of a removed one from all others. */
  private void pair() {
    List<String> place = sql.place();
    String removed =
        IntStream.range(0, place.size())
            .mapToObj(i -> "r." + SqlText.identifier(place.get(i)) + " AS " + placeName(i))
            .collect(Collectors.joining(", "));
    tables.make(
        CHANGES,
        "SELECT %s, r.%s, a.%s IS NULL AS %s, a.* FROM %s AS r LEFT JOIN %s AS a ON %s"
            .formatted(
                removed,
                FILE,
                SqlText.identifier(place.get(0)),
                GONE,
                REMOVED,
                ADDED,
                KeyedTables.same(place, "r", "a")));
    tables.difference(FRESH, ADDED, REMOVED, place);
  }

  private static String placeName(int index) {
    return SqlText.identifier("(place " + index + ")");
  }

  /** The files that hold removed rows, by their place among the candidates. */
  private List<Integer> touched() {
    return tables
        .ask("SELECT DISTINCT %1$s FROM %2$s ORDER BY %1$s".formatted(FILE, REMOVED))
        .stream()
        .map(Integer::valueOf)
        .toList();
  }

  /** Rows of large files change where they are; small files and rows without a place are sorted. */
  private void writePieces(
      List<DataFile> candidates, List<Integer> touched, List<DataFile> written) {
    List<Integer> large =
        touched.stream()
            .filter(i -> !isPartitioned && candidates.get(i).rowCount() >= SMALL_ROWS)
            .toList();
    if (!large.isEmpty()) {
      written.addAll(
          writer.writeInOrder(
              inPlace(large.stream().map(candidates::get).toList()), tables.cancel()));
    }
    List<DataFile> small =
        touched.stream().filter(i -> !large.contains(i)).map(candidates::get).toList();
    boolean hasFresh = !tables.isEmpty(FRESH);
    if (!small.isEmpty() || hasFresh) {
      written.addAll(writer.writeSorted(rest(small, large), rule.key(), tables.cancel()));
    }
  }

  private Script inPlace(List<DataFile> files) {
    String values =
        before.schema().columns().stream()
            .map(column -> SqlText.identifier(column.name()))
            .map(
                n ->
                    "CASE WHEN c.%2$s IS NULL THEN t.%1$s ELSE c.%1$s END AS %1$s"
                        .formatted(n, GONE))
            .collect(Collectors.joining(", "));
    List<String> place = sql.place();
    String match =
        IntStream.range(0, place.size())
            .mapToObj(i -> "c." + placeName(i) + " = t." + SqlText.identifier(place.get(i)))
            .collect(Collectors.joining(" AND "));
    return Script.internal(
        "SELECT %s FROM (%s) AS t LEFT JOIN %s AS c ON %s WHERE c.%s IS NOT TRUE"
            .formatted(values, Scans.of(before.with(files)), CHANGES, match, GONE),
        files.stream().map(DataFile::path).toList());
  }

  private Script rest(List<DataFile> files, List<Integer> large) {
    String all = KeyedTables.names(before.schema().columns());
    String elsewhere =
        large.isEmpty()
            ? ""
            : " AND %s NOT IN (%s)"
                .formatted(
                    FILE, large.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    String added =
        "SELECT %1$s FROM %2$s UNION ALL SELECT %1$s FROM %3$s WHERE NOT %4$s%5$s"
            .formatted(all, FRESH, CHANGES, GONE, elsewhere);
    if (files.isEmpty()) {
      return Script.internal(added);
    }
    return Script.internal(
        "SELECT %s FROM (%s) AS t WHERE NOT EXISTS (FROM %s AS r WHERE %s) UNION ALL %s"
            .formatted(
                all,
                Scans.of(before.with(files)),
                REMOVED,
                KeyedTables.same(sql.identity(), "r", "t"),
                added),
        files.stream().map(DataFile::path).toList());
  }

  private static void delete(DataFile file) {
    try {
      Files.deleteIfExists(Path.of(file.path()));
    } catch (IOException e) {
      // Nothing refers to it, so the garbage collection will find it.
    }
  }
}
