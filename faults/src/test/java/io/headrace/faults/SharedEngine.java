package io.headrace.faults;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Session;
import io.headrace.sql.Analysis;
import java.nio.file.Path;
import java.util.List;

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
