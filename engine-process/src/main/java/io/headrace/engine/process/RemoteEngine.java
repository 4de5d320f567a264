package io.headrace.engine.process;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.sql.Analysis;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An engine in another process.
 *
 * @param onClose is given the process back
 */
record RemoteEngine(EngineProcess process, Consumer<EngineProcess> onClose) implements Engine {
  @Override
  public String identity() {
    return call(new Call.Identity());
  }

  @Override
  public List<Analysis> analyze(List<String> statements) {
    return call(new Call.Analyze(statements));
  }

  @Override
  public boolean isConfined(
      Query.Select query,
      Map<TableName, TableSchema> tables,
      PartitionSlice slice,
      TableName input,
      String column) {
    return call(new Call.IsConfined(query, tables, slice, input, column));
  }

  @Override
  public Session open(Path folder) {
    return new RemoteSession(process, call(new Call.Open(folder)));
  }

  private <R> R call(Call<R> call) {
    return process.call(call, Cancellation.never());
  }

  @Override
  public void close() {
    onClose.accept(process);
  }
}
