package io.headrace.workspace;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.project.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a thing in an outside system into files, which are there until this is closed. Not for
 * several threads.
 */
public final class Staging implements AutoCloseable {
  private final Scratch scratch;
  private final Source source;
  private int reads;

  private Staging(Scratch scratch, Source source) {
    this.scratch = scratch;
    this.source = source;
  }

  /** Opens what a task reads. */
  public static Staging open(Workspace workspace, Task.External external) {
    Source source = workspace.connectors().open(external);
    try {
      return new Staging(workspace.openScratch(), source);
    } catch (HeadraceException e) {
      source.close();
      throw e;
    }
  }

  /** The rows behind some positions, up to others. */
  public Staged read(List<Position> after, List<Position> upTo, Cancellation cancel) {
    Path folder = scratch.folder().resolve("read" + reads++);
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot make a folder for temporary files '%s': %s".formatted(folder, e.getMessage()),
          "Is the disk full, or the folder not writable?",
          e);
    }
    return source.read(after, upTo, folder, cancel);
  }

  @Override
  public void close() {
    try {
      source.close();
    } finally {
      scratch.close();
    }
  }
}
