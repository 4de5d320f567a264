package io.headrace.conversion;

import io.headrace.engine.Cancellation;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Veil;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** A session in which queries may read files that have to be converted first. */
record ConvertingSession(Session session, Conversions conversions) implements Session {
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
    return session.describe(conversions.of(query, cancel), cancel);
  }

  @Override
  public List<DataFile> write(
      Query query,
      List<? extends PartitionSet> partitions,
      TableStore.Draft draft,
      Cancellation cancel) {
    return session.write(conversions.whole(query, cancel), partitions, draft, cancel);
  }

  @Override
  public KeyedUpdate update(
      KeyRule rule, TableData before, TableStore.Draft draft, Cancellation cancel) {
    KeyedUpdate update = session.update(rule, before, draft, cancel);
    return new KeyedUpdate() {
      @Override
      public void add(Query rows) {
        update.add(conversions.whole(rows, cancel));
      }

      @Override
      public void addEarlier(Query rows) {
        update.addEarlier(conversions.whole(rows, cancel));
      }

      @Override
      public void addState(Query.Stamped rows, boolean isComplete) {
        update.addState((Query.Stamped) conversions.whole(rows, cancel), isComplete);
      }

      @Override
      public Written write() {
        return update.write();
      }

      @Override
      public void close() {
        update.close();
      }
    };
  }

  @Override
  public Rows query(Query query, long limit, Cancellation cancel) {
    return session.query(conversions.of(query, cancel), limit, cancel);
  }

  @Override
  public void export(Query query, Path target, ExportFormat format, Cancellation cancel) {
    Query rows = conversions.whole(query, cancel);
    if (format == ExportFormat.EXCEL) {
      Writers.write(session, rows, conversions.newFile(), target, format, cancel);
    } else {
      session.export(rows, target, format, cancel);
    }
  }

  @Override
  public SortedMap<String, Set<ColumnReference>> lineage(Query query) {
    return session.lineage(conversions.of(query, Cancellation.never()));
  }

  @Override
  public boolean sameRows(TableData a, TableData b, Cancellation cancel) {
    return session.sameRows(a, b, cancel);
  }

  @Override
  public void close() {
    try {
      session.close();
    } finally {
      conversions.close();
    }
  }
}
