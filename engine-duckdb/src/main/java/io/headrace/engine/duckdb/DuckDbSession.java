package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.Veil;
import io.headrace.engine.duckdb.Types.UnstorableException;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** A workspace in the engine's one database. */
final class DuckDbSession implements Session {
  private final Workspace workspace;
  private final Scripts scripts;

  DuckDbSession(Database database, Path folder) {
    this.workspace = new Workspace(database);
    this.scripts = new Scripts(database, folder);
  }

  @Override
  public void bind(TableName name, TableData data, Veil veil) {
    workspace.bindings().bind(name, data, veil);
  }

  @Override
  public void bindEmpty(TableName name, TableSchema schema) {
    workspace.bindings().bindEmpty(name, schema);
  }

  @Override
  public void bindRows(TableName name, TableSchema schema, List<Map<String, Object>> rows) {
    workspace.bindings().bindRows(name, schema, rows);
  }

  @Override
  public List<Column> describe(Query query, Cancellation cancel) {
    if (query instanceof Query.Keyed keyed) {
      KeyedSql sql = new KeyedSql(keyed.rule(), describe(keyed.rows(), cancel));
      requireCondition(sql.marked(scripts.of(keyed.rows())), cancel);
      return sql.tableColumns();
    }
    if (query instanceof Query.Sifted sifted) {
      return describe(sifted, cancel);
    }
    List<Column> columns = describe(scripts.of(query), cancel);
    if (query instanceof Query.FileScan scan) {
      int found = columns.size() - scan.pathColumns().size();
      CsvShape shape = new CsvShape(workspace);
      shape.requireSeparated(scan, columns.subList(0, found), cancel);
      shape.requireWhole(scan, columns, cancel);
    }
    return columns;
  }

  /** If the rows are right and dividing them is not, a rule is to blame. */
  private List<Column> describe(Query.Sifted sifted, Cancellation cancel) {
    List<Column> unused = describe(sifted.rows(), cancel);
    try {
      return describe(scripts.of(sifted), cancel);
    } catch (QueryException e) {
      throw new QueryException("`reject`: " + e.getMessage(), e.hint());
    }
  }

  /** The condition on rows is the only thing in there that can still be wrong. */
  private void requireCondition(Script marked, Cancellation cancel) {
    try {
      List<Column> unused = describe(marked, cancel);
    } catch (QueryException e) {
      throw new QueryException("`deleted_when`: " + e.getMessage(), e.hint());
    }
  }

  private List<Column> describe(Script script, Cancellation cancel) {
    // In parentheses, a second statement is an error and two columns may share a name.
    return workspace.prepare(script.within("(", ")"), cancel, DuckDbSession::columns);
  }

  static List<Column> columns(PreparedStatement statement) throws SQLException {
    ResultSetMetaData meta = statement.getMetaData();
    List<Column> columns = new ArrayList<>(meta.getColumnCount());
    Set<String> names = new HashSet<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String name = meta.getColumnLabel(i);
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw new QueryException(
            "two columns have the name '%s'".formatted(name), "Rename one of them with AS");
      }
      try {
        columns.add(Column.of(name, Types.fromDuckDb(meta.getColumnTypeName(i))));
      } catch (UnstorableException e) {
        throw new QueryException(
            "column '%s' has type %s, which tables cannot store".formatted(name, e.type()),
            e.hint());
      }
    }
    return List.copyOf(columns);
  }

  @Override
  public List<DataFile> write(
      Query query,
      List<? extends PartitionSet> partitions,
      TableStore.Draft draft,
      Cancellation cancel) {
    ParquetWriter writer = new ParquetWriter(workspace, draft, partitions);
    if (query instanceof Query.Keyed keyed) {
      KeyRule rule = keyed.rule();
      List<Column> columns = KeyedSql.rowColumns(rule, draft.schema().columns());
      KeyedSql sql = new KeyedSql(rule, columns);
      Script rows = sql.result(sql.marked(scripts.of(keyed.rows())));
      return writer.writeSorted(rows, rule.key(), cancel);
    }
    Script script = scripts.of(query);
    boolean isScan =
        query instanceof Query.FileScan
            || (query instanceof Query.Sifted sifted && sifted.rows() instanceof Query.FileScan);
    return isScan ? writer.copyAll(script, cancel) : writer.write(script, cancel);
  }

  @Override
  public KeyedUpdate update(
      KeyRule rule, TableData before, TableStore.Draft draft, Cancellation cancel) {
    return new KeyedMerge(workspace, scripts, rule, before, draft, cancel);
  }

  @Override
  public Rows query(Query query, long limit, Cancellation cancel) {
    if (limit < 0) {
      throw new IllegalArgumentException("Invalid limit %d".formatted(limit));
    }
    long fetched = limit == Long.MAX_VALUE ? limit : limit + 1;
    Script script = scripts.of(query).within("SELECT * FROM (", ") LIMIT " + fetched);
    return workspace.run(
        script,
        cancel,
        statement -> {
          try (ResultSet results = statement.executeQuery(script.sql())) {
            return Values.read(results, limit);
          }
        });
  }

  @Override
  public void export(Query query, Path target, ExportFormat format, Cancellation cancel) {
    Script script = scripts.of(query);
    if (format == ExportFormat.PARQUET) {
      script = Projections.typed(script, describe(script, cancel));
    }
    new Export(workspace, target, format).write(script, cancel);
  }

  @Override
  public SortedMap<String, Set<ColumnReference>> lineage(Query query) {
    Script script = scripts.of(query);
    List<String> names =
        workspace.prepare(script.within("(", ")"), Cancellation.never(), DuckDbSession::names);
    return Lineage.of(workspace, script, names);
  }

  private static List<String> names(PreparedStatement statement) throws SQLException {
    ResultSetMetaData meta = statement.getMetaData();
    List<String> names = new ArrayList<>(meta.getColumnCount());
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      names.add(meta.getColumnLabel(i));
    }
    return names;
  }

  @Override
  public boolean sameRows(TableData a, TableData b, Cancellation cancel) {
    return new RowComparison(workspace, cancel).same(a, b);
  }

  @Override
  public void close() {
    workspace.close();
  }
}
