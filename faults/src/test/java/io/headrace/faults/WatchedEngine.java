package io.headrace.faults;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Veil;
import io.headrace.sql.Analysis;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionSet;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** An engine that tells before it does something, and lets a test make that fail. */
public record WatchedEngine(EngineProvider provider, Watcher watcher) implements EngineProvider {

  /** Is told what a session is about to do. */
  public interface Watcher {
    /** Before the rows of a table are written. */
    default void beforeWrite(TableName table) {}

    /** After {@link #beforeWrite(TableName)}: what is written. */
    default void beforeWriteOf(TableName table, Query query) {}

    /**
     * After {@link #beforeWrite(TableName)}, for each of them if only some partitions are written.
     */
    default void beforeWriteOf(TableName table, PartitionSet partitions) {}

    /** Before rows are brought into a table by their keys. */
    default void beforeUpdate(TableName table) {}

    /** After the rows of a table were written, before anybody knows of them. */
    default void afterWrite(TableName table) {}

    /** Before a query whose rows are wanted: of a check, or of a reader. */
    default void beforeQuery(Query query) {}
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public String analysisVersion() {
    return provider.analysisVersion();
  }

  @Override
  public Engine start(Settings settings) {
    Engine engine = provider.start(settings);
    return new Engine() {
      @Override
      public String identity() {
        return engine.identity();
      }

      @Override
      public List<Analysis> analyze(List<String> statements) {
        return engine.analyze(statements);
      }

      @Override
      public boolean isConfined(
          Query.Select query,
          Map<TableName, TableSchema> tables,
          PartitionSlice slice,
          TableName input,
          String column) {
        return engine.isConfined(query, tables, slice, input, column);
      }

      @Override
      public Session open(Path folder) {
        return new WatchedSession(engine.open(folder), watcher);
      }

      @Override
      public void close() {
        engine.close();
      }
    };
  }

  private record WatchedSession(Session session, Watcher watcher) implements Session {
    @Override
    public void bind(TableName name, TableData data, Veil veil) {
      session.bind(name, data, veil);
    }

    @Override
    public void bindEmpty(TableName name, TableSchema schema) {
      session.bindEmpty(name, schema);
    }

    @Override
    public void bindRows(TableName name, TableSchema schema, List<Map<String, Object>> rows) {
      session.bindRows(name, schema, rows);
    }

    @Override
    public List<Column> describe(Query query, Cancellation cancel) {
      return session.describe(query, cancel);
    }

    @Override
    public List<DataFile> write(
        Query query,
        List<? extends PartitionSet> partitions,
        TableStore.Draft draft,
        Cancellation cancel) {
      watcher.beforeWrite(draft.table());
      watcher.beforeWriteOf(draft.table(), query);
      partitions.forEach(part -> watcher.beforeWriteOf(draft.table(), part));
      List<DataFile> files = session.write(query, partitions, draft, cancel);
      watcher.afterWrite(draft.table());
      return files;
    }

    @Override
    public KeyedUpdate update(
        KeyRule rule, TableData before, TableStore.Draft draft, Cancellation cancel) {
      watcher.beforeUpdate(draft.table());
      return session.update(rule, before, draft, cancel);
    }

    @Override
    public Rows query(Query query, long limit, Cancellation cancel) {
      watcher.beforeQuery(query);
      return session.query(query, limit, cancel);
    }

    @Override
    public void export(Query query, Path target, ExportFormat format, Cancellation cancel) {
      session.export(query, target, format, cancel);
    }

    @Override
    public SortedMap<String, Set<ColumnReference>> lineage(Query query) {
      return session.lineage(query);
    }

    @Override
    public boolean sameRows(TableData a, TableData b, Cancellation cancel) {
      return session.sameRows(a, b, cancel);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
