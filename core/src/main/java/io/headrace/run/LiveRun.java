package io.headrace.run;

import io.headrace.catalog.Runs;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.error.HeadraceException;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run that is going on. It holds a lock on a file of its own, which the operating system lets go
 * when the process dies, however it dies; so that {@code gc} knows at once whose files are garbage.
 */
final class LiveRun implements AutoCloseable {
  private final Workspace workspace;
  private final String run;
  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private LiveRun(Workspace workspace, String run, Path file, FileChannel channel, FileLock lock) {
    this.workspace = workspace;
    this.run = run;
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  static LiveRun start(Workspace workspace, String run, String environment, Instant now) {
    try {
      Path folder = Files.createDirectories(LiveRuns.folder(workspace));
      Path file = folder.resolve(run);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      FileLock lock = channel.lock();
      workspace
          .catalog()
          .runs()
          .start(new Runs.Run(run, environment, now, Runs.State.RUNNING, Optional.empty()));
      return new LiveRun(workspace, run, file, channel, lock);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot start a run in '%s': %s".formatted(workspace.stateFolder(), e.getMessage()),
          "Is the disk full, or the folder not writable?",
          e);
    }
  }

  void finish(RunResult result, Instant now) {
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
      lock.release();
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next `gc` takes the file away.
    }
  }
}
