package io.headrace.run;

import io.headrace.error.HeadraceException;
import io.headrace.workspace.AliveFile;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says which runs of this machine are alive, by the locks that they hold. */
public final class LiveRuns {
  private LiveRuns() {}

  /**
   * When the oldest run of this machine that is still alive began, by its file's time; empty if
   * none is. Takes away what dead runs left.
   */
  public static Optional<Instant> oldestAlive(Workspace workspace) {
    List<Instant> alive = new ArrayList<>();
    Path folder = folder(workspace);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (AliveFile.isDead(file)) {
          Files.deleteIfExists(file);
        } else {
          alive.add(Files.getLastModifiedTime(file).toInstant());
        }
      }
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot look for live runs in '%s': %s".formatted(folder, e.getMessage()), "", e);
    }
    return alive.stream().min(Instant::compareTo);
  }

  /**
   * Makes this process count as alive until the file is closed, as a run does, so that what it
   * makes and what it reads is not collected.
   *
   * @param name that nobody else ever uses
   */
  public static AliveFile enter(Workspace workspace, String name) {
    try {
      return AliveFile.create(Files.createDirectories(folder(workspace)).resolve(name));
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot start work in '%s': %s".formatted(workspace.stateFolder(), e),
          "Is the disk full, or the folder not writable?",
          e);
    }
  }

  private static Path folder(Workspace workspace) {
    return workspace.stateFolder().resolve("live");
  }
}
