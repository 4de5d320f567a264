package io.headrace.engine.duckdb;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;

/** Starts DuckDB in this process. */
public final class DuckDbProvider implements EngineProvider {
  /** The version that the module is built and tested with; a test compares it with the library. */
  static final String DUCKDB_VERSION = "2.0.0";

  /** Counts up with every change to what {@link SyntaxTree} reports. */
  private static final int ANALYSIS_REVISION = 1;

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public String analysisVersion() {
    return "duckdb-" + DUCKDB_VERSION + "/" + ANALYSIS_REVISION;
  }

  @Override
  public Engine start(Settings settings) {
    return new DuckDbEngine(settings);
  }
}
