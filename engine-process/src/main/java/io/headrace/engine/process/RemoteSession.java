package io.headrace.engine.process;

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

/** A session in another process. */
record RemoteSession(EngineProcess process, int number) implements Session {
  @Override
  public void bind(TableName name, TableData data, Veil veil) {
    call(new Call.Bind(number, name, data, veil));
  }

  @Override
  public void bindEmpty(TableName name, TableSchema schema) {
    call(new Call.BindEmpty(number, name, schema));
  }

  @Override
  public void bindRows(TableName name, TableSchema schema, List<Map<String, Object>> rows) {
    call(new Call.BindRows(number, name, schema, rows));
  }

  @Override
  public List<Column> describe(Query query, Cancellation cancel) {
    return process.call(new Call.Describe(number, query), cancel);
  }

  @Override
  public List<DataFile> write(
      Query query,
      List<? extends PartitionSet> partitions,
      TableStore.Draft draft,
      Cancellation cancel) {
    return process.call(new Call.Write(number, query, partitions, draft), cancel);
  }

  @Override
  public KeyedUpdate update(
      KeyRule rule, TableData before, TableStore.Draft draft, Cancellation cancel) {
    int update = process.call(new Call.Update(number, rule, before, draft), cancel);
    return new RemoteUpdate(process, update, cancel);
  }

  @Override
  public Rows query(Query query, long limit, Cancellation cancel) {
    return process.call(new Call.Read(number, query, limit), cancel);
  }

  @Override
  public void export(Query query, Path target, ExportFormat format, Cancellation cancel) {
    process.call(new Call.Export(number, query, target, format), cancel);
  }

  @Override
  public SortedMap<String, Set<ColumnReference>> lineage(Query query) {
    return call(new Call.Lineage(number, query));
  }

  @Override
  public boolean sameRows(TableData a, TableData b, Cancellation cancel) {
    return process.call(new Call.SameRows(number, a, b), cancel);
  }

  /** What takes no time to speak of is not cancelled. */
  private <R> R call(Call<R> call) {
    return process.call(call, Cancellation.never());
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      call(new Call.Close(number));
    }
  }
}
