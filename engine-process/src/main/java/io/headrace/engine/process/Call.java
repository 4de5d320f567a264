package io.headrace.engine.process;

import io.headrace.engine.Cancellation;
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

/**
 * A method of the engine, of one of its sessions or updates, with its arguments. It is called in
 * the other process.
 */
sealed interface Call<R> {

  /** What a method without a result returns. */
  enum Done {
    DONE
  }

  /** Calls the method, in the process that has the engine. */
  R perform(Hosted hosted, Cancellation cancel);

  record Identity() implements Call<String> {
    @Override
    public String perform(Hosted hosted, Cancellation cancel) {
      return hosted.engine().identity();
    }
  }

  record Analyze(List<String> statements) implements Call<List<Analysis>> {
    @Override
    public List<Analysis> perform(Hosted hosted, Cancellation cancel) {
      return hosted.engine().analyze(statements);
    }
  }

  record IsConfined(
      Query.Select query,
      Map<TableName, TableSchema> tables,
      PartitionSlice slice,
      TableName input,
      String column)
      implements Call<Boolean> {
    @Override
    public Boolean perform(Hosted hosted, Cancellation cancel) {
      return hosted.engine().isConfined(query, tables, slice, input, column);
    }
  }

  record Open(Path folder) implements Call<Integer> {
    @Override
    public Integer perform(Hosted hosted, Cancellation cancel) {
      return hosted.open(folder);
    }
  }

  record Close(int session) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      hosted.close(session);
      return Done.DONE;
    }
  }

  record Bind(int session, TableName name, TableData data, Veil veil) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      hosted.session(session).bind(name, data, veil);
      return Done.DONE;
    }
  }

  record BindEmpty(int session, TableName name, TableSchema schema) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      hosted.session(session).bindEmpty(name, schema);
      return Done.DONE;
    }
  }

  record BindRows(int session, TableName name, TableSchema schema, List<Map<String, Object>> rows)
      implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      hosted.session(session).bindRows(name, schema, rows);
      return Done.DONE;
    }
  }

  record Describe(int session, Query query) implements Call<List<Column>> {
    @Override
    public List<Column> perform(Hosted hosted, Cancellation cancel) {
      return hosted.session(session).describe(query, cancel);
    }
  }

  record Write(
      int session, Query query, List<? extends PartitionSet> partitions, TableStore.Draft draft)
      implements Call<List<DataFile>> {
    @Override
    public List<DataFile> perform(Hosted hosted, Cancellation cancel) {
      return hosted.session(session).write(query, partitions, draft, cancel);
    }
  }

  record Read(int session, Query query, long limit) implements Call<Session.Rows> {
    @Override
    public Session.Rows perform(Hosted hosted, Cancellation cancel) {
      return hosted.session(session).query(query, limit, cancel);
    }
  }

  record Export(int session, Query query, Path target, Session.ExportFormat format)
      implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      hosted.session(session).export(query, target, format, cancel);
      return Done.DONE;
    }
  }

  record Lineage(int session, Query query)
      implements Call<SortedMap<String, Set<Session.ColumnReference>>> {
    @Override
    public SortedMap<String, Set<Session.ColumnReference>> perform(
        Hosted hosted, Cancellation cancel) {
      return hosted.session(session).lineage(query);
    }
  }

  record SameRows(int session, TableData a, TableData b) implements Call<Boolean> {
    @Override
    public Boolean perform(Hosted hosted, Cancellation cancel) {
      return hosted.session(session).sameRows(a, b, cancel);
    }
  }

  record Update(int session, KeyRule rule, TableData before, TableStore.Draft draft)
      implements Call<Integer> {
    @Override
    public Integer perform(Hosted hosted, Cancellation cancel) {
      return hosted.update(session, rule, before, draft, cancel);
    }
  }

  record Add(int update, Query rows) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      return hosted.take(update, cancel, each -> each.add(rows));
    }
  }

  record AddEarlier(int update, Query rows) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      return hosted.take(update, cancel, each -> each.addEarlier(rows));
    }
  }

  record AddState(int update, Query.Stamped rows, boolean isComplete) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      return hosted.take(update, cancel, each -> each.addState(rows, isComplete));
    }
  }

  record WriteUpdate(int update) implements Call<KeyedUpdate.Written> {
    @Override
    public KeyedUpdate.Written perform(Hosted hosted, Cancellation cancel) {
      return hosted.write(update, cancel);
    }
  }

  record CloseUpdate(int update) implements Call<Done> {
    @Override
    public Done perform(Hosted hosted, Cancellation cancel) {
      hosted.closeUpdate(update);
      return Done.DONE;
    }
  }
}
