package io.headrace.conversion;

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

/**
 * An engine that reads files of more formats than the one below it.
 *
 * @param folder for converted files, of which each session makes its own below it
 */
public record ConvertingEngine(Engine engine, Path folder) implements Engine {
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
  public Session open(Path root) {
    return new ConvertingSession(engine.open(root), new Conversions(root.toAbsolutePath(), folder));
  }

  @Override
  public void close() {
    engine.close();
  }
}
