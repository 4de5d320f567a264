package io.headrace.server.runs;

import io.headrace.run.RunEvent;

/** Is told of the runs of a project, by their threads. Must neither wait nor throw. */
public interface RunListener {

  /** A run was asked for. */
  default void begun(ServedProject project, OngoingRun run) {}

  /** Something happened in it. */
  default void happened(ServedProject project, OngoingRun run, RunEvent event) {}

  /** It ended, one way or the other, with all that it delivered; told once. */
  default void over(ServedProject project, OngoingRun run) {}
}
