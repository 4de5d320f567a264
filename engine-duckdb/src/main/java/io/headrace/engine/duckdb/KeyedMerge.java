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
import java.util.ArrayList;
import java.util.List;

/**
 * Brings rows into a version by copy-on-write: finds the data files that hold rows which change,
 * and writes those anew in the order that they have, so that files keep narrow ranges of keys.
 *
 * <p>The rule is applied to the new rows, those of the same keys that were taken in before and are
 * no older than the oldest new one, and, of a history, the rows that were valid then: nothing else
 * can matter to what changes. As long as rows arrive in order, no old row needs to be read again.
 */
final class KeyedMerge implements KeyedUpdate {
  private static final String EVENTS = "\"(events)\"";
  private static final String STATE = "\"(state)\"";
  private static final String KEYS = "\"(keys)\"";
  private static final String FOUND = "\"(found)\"";
  private static final String NOW = "\"(now)\"";
  private final Scripts scripts;
  private final KeyRule rule;
  private final TableData before;
  private final KeyedTables tables;
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
    this.scripts = scripts;
    this.rule = rule;
    this.before = before;
    this.tables = new KeyedTables(workspace, cancel);
    this.columns = KeyedSql.rowColumns(rule, draft.schema().columns());
    this.sql = new KeyedSql(rule, columns);
    this.writer = new ParquetWriter(workspace, draft, List.of());
    this.isPartitioned = !draft.partitioning().isEmpty();
    this.order = draft.schema().find(rule.latestBy().get(0)).orElseThrow();
  }

  @Override
  public void add(Query rows) {
    Script marked = sql.marked(scripts.of(rows));
    tables.make(EVENTS, marked);
    makeKeys();
  }

  private void makeKeys() {
    tables.make(
        KEYS, "SELECT DISTINCT %s FROM %s".formatted(SqlText.identifiers(rule.key()), EVENTS));
    hasRows = !tables.isEmpty(KEYS);
  }

  @Override
  public void addEarlier(Query rows) {
    if (hasRows) {
      Script marked = sql.marked(scripts.of(rows));
      tables.run(
          marked.within(
              "INSERT INTO %s SELECT * FROM (".formatted(EVENTS),
              ") AS e WHERE %s >= %s AND EXISTS (FROM %s AS k WHERE %s)"
                  .formatted(
                      SqlText.identifier(order.name()),
                      since(),
                      KEYS,
                      KeyedTables.same(rule.key(), "k", "e"))));
    }
  }

  @Override
  public void addState(Query.Stamped rows, boolean isComplete) {
    Script marked = sql.marked(scripts.of(rows));
    tables.make(STATE, marked);
    String key = SqlText.identifiers(rule.key());
    requireOnce(key);
    String all = KeyedTables.names(columns);
    String current =
        "(SELECT * FROM (%s) AS c WHERE %s)"
            .formatted(Scans.of(before), SqlText.identifier(KeyRule.IS_CURRENT));
    String there =
        "FROM %s AS c WHERE %s".formatted(current, KeyedTables.same(rule.key(), "c", "s"));
    String unchanged = there + sql.sameTracked("c", "s");
    tables.make(
        EVENTS,
        "SELECT * FROM %s AS s WHERE %s OR (NOT %s AND NOT EXISTS (%s))"
            .formatted(STATE, KeyedSql.DELETED, KeyedSql.DELETED, unchanged));
    if (isComplete) {
      tables.run(
          "INSERT INTO %s SELECT * REPLACE (%s AS %s), true FROM (SELECT %s FROM %s AS s WHERE NOT EXISTS (FROM %s AS n WHERE %s))"
              .formatted(
                  EVENTS,
                  Scripts.moment(rows),
                  SqlText.identifier(order.name()),
                  all,
                  current,
                  STATE,
                  KeyedTables.same(rule.key(), "n", "s")));
    }
    makeKeys();
  }

  private void requireOnce(String key) {
    List<String> twice =
        tables.ask(
            "SELECT concat_ws(', ', %s) FROM %s GROUP BY %s HAVING count(*) > 1 LIMIT 1"
                .formatted(key, STATE, key));
    if (!twice.isEmpty()) {
      throw new QueryException(
          "the query returns several rows of key " + twice.get(0),
          "Return one row for each key, or name `valid_from` if the rows are changes");
    }
  }

  /** The oldest moment that a new row is about; as text, for it lets whole files be left out. */
  private String since() {
    String least =
        tables
            .ask(
                "SELECT min(%s)::VARCHAR FROM %s"
                    .formatted(SqlText.identifier(order.name()), EVENTS))
            .get(0);
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
    tables.make(NOW, sql.result(Script.internal("SELECT * FROM " + EVENTS)));
    List<String> identity = sql.identity();
    tables.difference(KeyedRewrite.REMOVED, FOUND, NOW, identity);
    tables.difference(KeyedRewrite.ADDED, NOW, FOUND, identity);
    return new KeyedRewrite(tables, rule, sql, before, writer, isPartitioned).write(candidates);
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
      tables
          .ask(
              ("SELECT i FROM (VALUES %s) AS b(i, low, high) "
                      + "WHERE EXISTS (FROM %s AS k WHERE k.%s BETWEEN b.low AND b.high) ORDER BY low")
                  .formatted(String.join(", ", bounds), KEYS, SqlText.identifier(key.name())))
          .forEach(i -> chosen.add(Integer.valueOf(i)));
    }
    return chosen.stream().map(files::get).toList();
  }

  /** Finds the rows that could change: of a history, those that were valid since the oldest row. */
  private void find(List<DataFile> candidates, String since) {
    String valid =
        "(t.%1$s IS NULL OR t.%1$s >= %2$s)".formatted(SqlText.identifier(KeyRule.VALID_TO), since);
    boolean isHistory = rule.kind() == Kind.HISTORY;
    tables.make(
        FOUND,
        "SELECT %s, %s FROM (%s) AS t WHERE EXISTS (FROM %s AS k WHERE %s)%s"
            .formatted(
                isHistory
                    ? KeyedTables.names(columns) + ", " + SqlText.identifier(KeyRule.VALID_TO)
                    : SqlText.identifiers(sql.identity()),
                KeyedRewrite.FILE,
                Scans.withFileIndex(before.with(candidates), KeyedRewrite.FILE),
                KEYS,
                KeyedTables.same(rule.key(), "k", "t"),
                isHistory ? " AND " + valid : ""));
    if (isHistory) {
      tables.run(
          "INSERT INTO %s SELECT %s, false FROM %s AS t WHERE %s < %s"
              .formatted(
                  EVENTS,
                  KeyedTables.names(columns),
                  FOUND,
                  SqlText.identifier(order.name()),
                  since));
    }
  }

  @Override
  public void close() {
    tables.close();
  }
}
