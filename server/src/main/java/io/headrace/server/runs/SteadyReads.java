package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.workspace.FileStamps;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Reads a project whose files somebody may be changing just now. Copying a new state into a folder
 * takes a while, and what is read between is a mix of two: so this waits until nothing has changed
 * for a moment, and reads again if something changed meanwhile. Mistakes are believed later, since
 * half a state is likely to have some.
 */
final class SteadyReads {
  /** For so long nothing must have changed. */
  private static final Duration QUIET = Duration.ofMillis(500);

  /** For so long nothing must have changed if there are mistakes. */
  private static final Duration QUIET_WITH_MISTAKES = Duration.ofSeconds(3);

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private SteadyReads() {}

  /**
   * Reads from the project's files.
   *
   * @param reading what is read
   * @throws HeadraceException if its files never come to rest, or say something wrong
   */
  static <T> T read(Workspace workspace, Pause pause, Cancellation cancel, Supplier<T> reading) {
    if (workspace.revision().isPresent()) {
      return reading.get();
    }
    long end = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < end) {
      FileStamps before = FileStamps.of(workspace.root());
      if (before.isOlderThan(QUIET)) {
        try {
          T read = reading.get();
          if (isSame(workspace, before)) {
            return read;
          }
        } catch (HeadraceException e) {
          if (before.isOlderThan(QUIET_WITH_MISTAKES) && isSame(workspace, before)) {
            throw e;
          }
        }
      }
      if (cancel.isRequested()) {
        // Whoever is stopped publishes nothing, whatever was read; the run says that it was.
        return reading.get();
      }
      waitFor(pause, cancel);
    }
    throw new HeadraceException(
        "Cannot read the project in '%s': its files change all the time"
            .formatted(workspace.root()),
        "Put new states there at once, or serve a git repository with --ref");
  }

  private static void waitFor(Pause pause, Cancellation cancel) {
    try {
      pause.waitFor(LOOK, cancel);
    } catch (CancelledException e) {
      // The next look sees it.
    }
  }

  private static boolean isSame(Workspace workspace, FileStamps before) {
    return FileStamps.of(workspace.root()).equals(before);
  }
}
