package io.headrace.engine.process;

import io.headrace.engine.Cancellation;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Query;

/** An update in another process. */
record RemoteUpdate(EngineProcess process, int number, Cancellation cancel) implements KeyedUpdate {
  @Override
  public void add(Query rows) {
    process.call(new Call.Add(number, rows), cancel);
  }

  @Override
  public void addEarlier(Query rows) {
    process.call(new Call.AddEarlier(number, rows), cancel);
  }

  @Override
  public void addState(Query.Stamped rows, boolean isComplete) {
    process.call(new Call.AddState(number, rows, isComplete), cancel);
  }

  @Override
  public Written write() {
    return process.call(new Call.WriteUpdate(number), cancel);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.call(new Call.CloseUpdate(number), Cancellation.never());
    }
  }
}
