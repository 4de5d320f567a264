package io.headrace.engine.duckdb;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.EngineProvider.Settings;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** One small engine for all tests: starting one takes as long as many of them. */
final class TestEngine {
  private static final EngineProvider PROVIDER =
      ServiceLoader.load(EngineUnderTest.class)
          .findFirst()
          .map(other -> other.of(new DuckDbProvider()))
          .orElseGet(DuckDbProvider::new);

  static final Engine ENGINE = start();

  private TestEngine() {}

  static Engine start() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).resolve("duckdb");
    return PROVIDER.start(new Settings(1L << 30, 2, temporary));
  }
}
