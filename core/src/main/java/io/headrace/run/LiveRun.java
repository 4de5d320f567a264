package io.headrace.run;

import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.error.HeadraceException;
import io.headrace.workspace.AliveFile;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * A run that is going on. It holds a lock on a file of its own, which the operating system lets go
 * when the process dies, however it dies; so that {@code gc} knows at once whose files are garbage.
 */
final class LiveRun implements AutoCloseable {
  private final Workspace workspace;
  private final String run;
  private final AliveFile alive;

  private LiveRun(Workspace workspace, String run, AliveFile alive) {
    this.workspace = workspace;
    this.run = run;
    this.alive = alive;
  }

  static LiveRun start(Workspace workspace, String run, RunRequest request, Instant now) {
    LiveRun live = new LiveRun(workspace, run, LiveRuns.enter(workspace, run));
    try {
      workspace
          .catalog()
          .runs()
          .start(new Runs.Run(run, request.environment(), now, request.origin().cause()));
      return live;
    } catch (RuntimeException e) {
      live.close();
      throw e;
    }
  }

  /**
   * Records how the run went, if that is possible: what it published is published whether or not
   * there is a record of how.
   */
  void finish(RunResult result, Instant now) {
    try {
      record(result, now);
    } catch (HeadraceException e) {
      // Without a heartbeat it counts as over in a minute.
    }
  }

  private void record(RunResult result, Instant now) {
    List<TaskRun> tasks =
        result.tasks().stream()
            .filter(task -> task.kind() != TaskOutcome.Kind.REUSED)
            .map(
                task ->
                    new TaskRun(
                        task.table(),
                        task.kind().toString(),
                        task.duration(),
                        task.rowCount(),
                        task.sizeBytes(),
                        task.message()))
            .toList();
    workspace.catalog().runs().recordTasks(run, tasks);
    workspace.catalog().runs().finish(run, result.state(), result.commit(), now);
  }

  @Override
  public void close() {
    try {
      alive.close();
    } catch (IOException e) {
      // The next `gc` takes the file away.
    }
  }
}
