package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.KeyRule.Kind;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Brings rows into a version by copy-on-write: finds the data files that hold rows which change,
 * and writes those anew in the order that they have, so that files keep narrow ranges of keys.
 *
 * <p>The rule is applied to the new rows, those of the same keys that were taken in before and are
 * no older than the oldest new one, and, of a history, the rows that were valid then: nothing else
 * can matter to what changes. As long as rows arrive in order, no old row needs to be read again.
 */
final class KeyedMerge implements KeyedUpdate {
  /** Smaller files are written together, in order. */
  private static final long SMALL_ROWS = 100_000;

  private static final String EVENTS = "\"(events)\"";
  private static final String STATE = "\"(state)\"";
  private static final String KEYS = "\"(keys)\"";
  private static final String FOUND = "\"(found)\"";
  private static final String NOW = "\"(now)\"";
  private static final String REMOVED = "\"(removed)\"";
  private static final String ADDED = "\"(added)\"";
  private static final String CHANGES = "\"(changes)\"";
  private static final String FRESH = "\"(fresh)\"";
  private static final String GONE = "\"(gone)\"";
  private static final String FILE = "\"(file)\"";
  private static final List<String> TABLES =
      List.of(EVENTS, STATE, KEYS, FOUND, NOW, REMOVED, ADDED, CHANGES, FRESH);

  private final Workspace workspace;
  private final Scripts scripts;
  private final KeyRule rule;
  private final TableData before;
  private final Cancellation cancel;
  private final List<Column> columns;
  private final KeyedSql sql;
  private final ParquetWriter writer;
  private final boolean isPartitioned;
  private final Column order;
  private boolean hasRows;

  KeyedMerge(
      Workspace workspace,
      Scripts scripts,
      KeyRule rule,
      TableData before,
      TableStore.Draft draft,
      Cancellation cancel) {
    this.workspace = workspace;
    this.scripts = scripts;
    this.rule = rule;
    this.before = before;
    this.cancel = cancel;
    this.columns = KeyedSql.rowColumns(rule, draft.schema().columns());
    this.sql = new KeyedSql(rule, columns);
    this.writer = new ParquetWriter(workspace, draft, List.of());
    this.isPartitioned = !draft.partitioning().isEmpty();
    this.order = draft.schema().find(rule.latestBy().get(0)).orElseThrow();
  }

  @Override
  public void add(Query rows) {
    Script marked = sql.marked(scripts.of(rows));
    run(marked.within("CREATE OR REPLACE TABLE %s AS (".formatted(EVENTS), ")"));
    makeKeys();
  }

  private void makeKeys() {
    run(
        "CREATE OR REPLACE TABLE %s AS SELECT DISTINCT %s FROM %s"
            .formatted(KEYS, SqlText.identifiers(rule.key()), EVENTS));
    hasRows = !ask("SELECT count(*) FROM " + KEYS).get(0).equals("0");
  }

  @Override
  public void addEarlier(Query rows) {
    if (hasRows) {
      Script marked = sql.marked(scripts.of(rows));
      run(
          marked.within(
              "INSERT INTO %s SELECT * FROM (".formatted(EVENTS),
              ") AS e WHERE %s >= %s AND EXISTS (FROM %s AS k WHERE %s)"
                  .formatted(name(order.name()), since(), KEYS, same(rule.key(), "k", "e"))));
    }
  }

  @Override
  public void addState(Query rows, boolean isComplete) {
    Script marked = sql.marked(scripts.of(rows));
    run(marked.within("CREATE OR REPLACE TABLE %s AS (".formatted(STATE), ")"));
    String key = SqlText.identifiers(rule.key());
    requireOnce(key);
    String all = names(columns);
    String current =
        "(SELECT * FROM (%s) AS c WHERE %s)".formatted(Scans.of(before), name(KeyRule.IS_CURRENT));
    String there = "FROM %s AS c WHERE %s".formatted(current, same(rule.key(), "c", "s"));
    String unchanged = there + sql.sameTracked("c", "s");
    run(
        "CREATE OR REPLACE TABLE %s AS SELECT * FROM %s AS s WHERE %s OR (NOT %s AND NOT EXISTS (%s))"
            .formatted(EVENTS, STATE, KeyedSql.DELETED, KeyedSql.DELETED, unchanged));
    if (isComplete) {
      run(
          "INSERT INTO %s SELECT * REPLACE (%s AS %s), true FROM (SELECT %s FROM %s AS s WHERE NOT EXISTS (FROM %s AS n WHERE %s))"
              .formatted(
                  EVENTS,
                  moment(rows),
                  name(order.name()),
                  all,
                  current,
                  STATE,
                  same(rule.key(), "n", "s")));
    }
    makeKeys();
  }

  private void requireOnce(String key) {
    List<String> twice =
        ask(
            "SELECT concat_ws(', ', %s) FROM %s GROUP BY %s HAVING count(*) > 1 LIMIT 1"
                .formatted(key, STATE, key));
    if (!twice.isEmpty()) {
      throw new QueryException(
          "the query returns several rows of key " + twice.get(0),
          "Return one row for each key, or name `valid_from` if the rows are changes");
    }
  }

  private static String moment(Query rows) {
    return rows instanceof Query.Stamped stamped
        ? "TIMESTAMPTZ " + SqlText.literal(stamped.moment().toString())
        : "NULL";
  }

  /** The oldest moment that a new row is about; as text, for it lets whole files be left out. */
  private String since() {
    String least =
        ask("SELECT min(%s)::VARCHAR FROM %s".formatted(name(order.name()), EVENTS)).get(0);
    return "CAST(%s AS %s)".formatted(SqlText.literal(least), Types.toDuckDb(order.type()));
  }

  @Override
  public Written write() {
    if (!hasRows) {
      return new Written(List.of(), List.of());
    }
    String since = since();
    List<DataFile> candidates = candidates();
    find(candidates, since);
    run(
        sql.result(Script.internal("SELECT * FROM " + EVENTS))
            .within("CREATE OR REPLACE TABLE %s AS (".formatted(NOW), ")"));
    List<String> identity = sql.identity();
    run(difference(REMOVED, FOUND, NOW, identity));
    run(difference(ADDED, NOW, FOUND, identity));
    pair();
    SortedMap<Integer, Long> touched = touched();
    List<DataFile> replaced = touched.keySet().stream().map(candidates::get).toList();
    List<DataFile> written = new ArrayList<>();
    boolean done = false;
    try {
      writePieces(candidates, touched, written);
      done = true;
      return new Written(replaced, written);
    } finally {
      if (!done) {
        written.forEach(KeyedMerge::delete);
      }
    }
  }

  private static String difference(
      String name, String from, String without, List<String> identity) {
    return "CREATE OR REPLACE TABLE %s AS SELECT * FROM %s AS a WHERE NOT EXISTS (FROM %s AS b WHERE %s)"
        .formatted(name, from, without, same(identity, "a", "b"));
  }

  /**
   * The files that can hold rows of the keys, told by the least and the greatest key of each; in
   * the order of their keys, in which they are written again.
   */
  private List<DataFile> candidates() {
    Column key = before.schema().find(rule.key().get(0)).orElseThrow();
    List<DataFile> files = before.files();
    List<String> bounds = new ArrayList<>();
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      DataFile.Statistics statistics = files.get(i).statistics().get(key.id());
      if (statistics == null || statistics.lower().isEmpty() || statistics.upper().isEmpty()) {
        chosen.add(i);
      } else {
        bounds.add(
            "(%d, %s, %s)"
                .formatted(
                    i,
                    PartitionConditions.literal(statistics.lower().get(), key.type()),
                    PartitionConditions.literal(statistics.upper().get(), key.type())));
      }
    }
    if (!bounds.isEmpty()) {
      ask(("SELECT i FROM (VALUES %s) AS b(i, low, high) "
                  + "WHERE EXISTS (FROM %s AS k WHERE k.%s BETWEEN b.low AND b.high) ORDER BY low")
              .formatted(String.join(", ", bounds), KEYS, name(key.name())))
          .forEach(i -> chosen.add(Integer.valueOf(i)));
    }
    return chosen.stream().map(files::get).toList();
  }

  /** Finds the rows that could change: of a history, those that were valid since the oldest row. */
  private void find(List<DataFile> candidates, String since) {
    String valid = "(t.%1$s IS NULL OR t.%1$s >= %2$s)".formatted(name(KeyRule.VALID_TO), since);
    boolean isHistory = rule.kind() == Kind.HISTORY;
    run(
        "CREATE OR REPLACE TABLE %s AS SELECT %s, %s FROM (%s) AS t WHERE EXISTS (FROM %s AS k WHERE %s)%s"
            .formatted(
                FOUND,
                isHistory
                    ? names(columns) + ", " + name(KeyRule.VALID_TO)
                    : SqlText.identifiers(sql.identity()),
                FILE,
                Scans.withFileIndex(part(candidates), FILE),
                KEYS,
                same(rule.key(), "k", "t"),
                isHistory ? " AND " + valid : ""));
    if (isHistory) {
      run(
          "INSERT INTO %s SELECT %s, false FROM %s AS t WHERE %s < %s"
              .formatted(EVENTS, names(columns), FOUND, name(order.name()), since));
    }
  }

  /** Tells new rows that take the place of a removed one from all others. */
  private void pair() {
    List<String> place = sql.place();
    String removed =
        IntStream.range(0, place.size())
            .mapToObj(i -> "r." + name(place.get(i)) + " AS " + placeName(i))
            .collect(Collectors.joining(", "));
    run(
        "CREATE OR REPLACE TABLE %s AS SELECT %s, r.%s, a.%s IS NULL AS %s, a.* FROM %s AS r LEFT JOIN %s AS a ON %s"
            .formatted(
                CHANGES,
                removed,
                FILE,
                name(place.get(0)),
                GONE,
                REMOVED,
                ADDED,
                same(place, "r", "a")));
    run(difference(FRESH, ADDED, REMOVED, place));
  }

  private static String placeName(int index) {
    return name("(place " + index + ")");
  }

  private SortedMap<Integer, Long> touched() {
    SortedMap<Integer, Long> touched = new TreeMap<>();
    Script counts =
        Script.internal("SELECT %s, count(*) FROM %s GROUP BY 1".formatted(FILE, REMOVED));
    workspace.run(
        counts,
        cancel,
        statement -> {
          try (ResultSet results = statement.executeQuery(counts.sql())) {
            while (results.next()) {
              touched.put(results.getInt(1), results.getLong(2));
            }
          }
          return true;
        });
    return touched;
  }

  /** Rows of large files change where they are; small files and rows without a place are sorted. */
  private void writePieces(
      List<DataFile> candidates, SortedMap<Integer, Long> touched, List<DataFile> written) {
    List<Integer> large =
        touched.keySet().stream()
            .filter(i -> !isPartitioned && candidates.get(i).rowCount() >= SMALL_ROWS)
            .toList();
    if (!large.isEmpty()) {
      written.addAll(
          writer.writeInOrder(inPlace(large.stream().map(candidates::get).toList()), cancel));
    }
    List<DataFile> small =
        touched.keySet().stream().filter(i -> !large.contains(i)).map(candidates::get).toList();
    boolean hasFresh = !ask("SELECT count(*) FROM " + FRESH).get(0).equals("0");
    if (!small.isEmpty() || hasFresh) {
      written.addAll(writer.writeSorted(rest(small, large), rule.key(), cancel));
    }
  }

  private Script inPlace(List<DataFile> files) {
    String values =
        before.schema().columns().stream()
            .map(column -> name(column.name()))
            .map(
                n ->
                    "CASE WHEN c.%2$s IS NULL THEN t.%1$s ELSE c.%1$s END AS %1$s"
                        .formatted(n, GONE))
            .collect(Collectors.joining(", "));
    List<String> place = sql.place();
    String match =
        IntStream.range(0, place.size())
            .mapToObj(i -> "c." + placeName(i) + " = t." + name(place.get(i)))
            .collect(Collectors.joining(" AND "));
    return Script.internal(
        "SELECT %s FROM (%s) AS t LEFT JOIN %s AS c ON %s WHERE c.%s IS NOT TRUE"
            .formatted(values, Scans.of(part(files)), CHANGES, match, GONE),
        files.stream().map(DataFile::path).toList());
  }

  private Script rest(List<DataFile> files, List<Integer> large) {
    String all = names(before.schema().columns());
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
            .formatted(all, Scans.of(part(files)), REMOVED, same(sql.identity(), "r", "t"), added),
        files.stream().map(DataFile::path).toList());
  }

  private TableData part(List<DataFile> files) {
    return before.with(files);
  }

  /** Only the end of a validity can be null. */
  private static String same(List<String> columns, String a, String b) {
    return columns.stream()
        .map(
            column ->
                "%s.%s %s %s.%s"
                    .formatted(
                        a,
                        name(column),
                        column.equals(KeyRule.VALID_TO) ? "IS NOT DISTINCT FROM" : "=",
                        b,
                        name(column)))
        .collect(Collectors.joining(" AND "));
  }

  private static String name(String column) {
    return SqlText.identifier(column);
  }

  private static String names(List<Column> columns) {
    return SqlText.identifiers(columns.stream().map(Column::name).toList());
  }

  private void run(String text) {
    run(Script.internal(text));
  }

  private void run(Script script) {
    workspace.run(script, cancel, statement -> statement.execute(script.sql()));
  }

  /** The first column of a result, as text. */
  private List<String> ask(String text) {
    return workspace.run(
        Script.internal(text),
        cancel,
        statement -> {
          List<String> values = new ArrayList<>();
          try (ResultSet results = statement.executeQuery(text)) {
            while (results.next()) {
              values.add(String.valueOf(results.getString(1)));
            }
          }
          return values;
        });
  }

  private static void delete(DataFile file) {
    try {
      Files.deleteIfExists(Path.of(file.path()));
    } catch (IOException e) {
      // Nothing refers to it, so the garbage collection will find it.
    }
  }

  @Override
  public void close() {
    for (String table : TABLES) {
      Script drop = Script.internal("DROP TABLE IF EXISTS " + table);
      workspace.run(drop, Cancellation.never(), statement -> statement.execute(drop.sql()));
    }
  }
}
