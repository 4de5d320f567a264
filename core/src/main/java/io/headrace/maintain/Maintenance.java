package io.headrace.maintain;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.rewrite.Compactor;
import io.headrace.run.LiveRuns;
import io.headrace.workspace.AliveFile;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Consumer;

/** Makes versions faster to read, and changes nothing else about them. */
public final class Maintenance {
  private final Workspace workspace;

  public Maintenance(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Compacts versions, one after the other. Those that are done when it is cancelled or fails stay
   * done.
   *
   * @param dryRun only say what would be done
   * @param listener is told of each version that was worth it
   */
  public void compact(
      Collection<Version> versions,
      boolean dryRun,
      Consumer<Compactor.Compacted> listener,
      Cancellation cancel) {
    Compactor compactor = new Compactor(workspace);
    if (dryRun) {
      versions.forEach(version -> compactor.preview(version).ifPresent(listener));
      return;
    }
    try (AliveFile alive = LiveRuns.enter(workspace, "maintain-" + UUID.randomUUID())) {
      for (Version version : versions) {
        cancel.throwIfRequested();
        compactor.compact(version, cancel).ifPresent(listener);
      }
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot end work in '%s': %s".formatted(workspace.stateFolder(), e.getMessage()), "", e);
    }
  }
}
