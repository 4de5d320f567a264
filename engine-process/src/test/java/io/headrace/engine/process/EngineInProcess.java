package io.headrace.engine.process;

import io.headrace.engine.EngineProvider;
import io.headrace.engine.duckdb.EngineUnderTest;

/** Has the tests of an engine test one in another process. */
public final class EngineInProcess implements EngineUnderTest {
  @Override
  public EngineProvider of(EngineProvider duckDb) {
    return new ProcessEngines(duckDb);
  }
}
