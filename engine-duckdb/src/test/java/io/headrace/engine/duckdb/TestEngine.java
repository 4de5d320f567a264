package io.headrace.engine.duckdb;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider.Settings;
import java.nio.file.Path;

/** One small engine for all tests: starting one takes as long as many of them. */
final class TestEngine {
  static final Engine ENGINE = start();

  private TestEngine() {}

  static Engine start() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).resolve("duckdb");
    return new DuckDbProvider().start(new Settings(1L << 30, 2, temporary));
  }
}
