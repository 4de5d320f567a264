package io.headrace.engine.duckdb;

import io.headrace.engine.EngineProvider;

/** Puts another engine into these tests, which does what DuckDB does. */
public interface EngineUnderTest {
  EngineProvider of(EngineProvider duckDb);
}
