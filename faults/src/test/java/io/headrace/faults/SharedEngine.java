package io.headrace.faults;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.sql.Analysis;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Gives several workspaces one engine, since starting one takes longer than a small run. */
record SharedEngine(EngineProvider provider, Engine engine) implements EngineProvider {
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
        return engine.open(folder);
      }

      @Override
      public void close() {
        // It belongs to somebody else.
      }
    };
  }
}
