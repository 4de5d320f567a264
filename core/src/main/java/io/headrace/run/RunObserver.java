package io.headrace.run;

/**
 * Tells another program of one run. It hears what happened one event at a time, in order, and may
 * not keep the run waiting for long; nothing that it throws reaches the run.
 */
public interface RunObserver extends AutoCloseable {

  /** Hears of something that happened. */
  void accept(RunEvent event);

  /** The run is over: sends what is not sent yet, for some seconds at most. */
  @Override
  void close();
}
