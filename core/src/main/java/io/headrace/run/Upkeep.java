package io.headrace.run;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.rewrite.Compactor;
import io.headrace.workspace.Workspace;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a run does once it has published: compacts those of its tables that have become many small
 * files. If that fails, the run has gone well all the same.
 */
final class Upkeep {
  /** So many small files make reading noticeably slower, and fewer are not worth a run's time. */
  private static final int MANY_FILES = 64;

  private final Workspace workspace;
  private final Compactor compactor;
  private final Consumer<RunEvent> events;
  private final Cancellation cancel;

  Upkeep(Workspace workspace, Consumer<RunEvent> events, Cancellation cancel) {
    this.workspace = workspace;
    this.compactor = new Compactor(workspace);
    this.events = events;
    this.cancel = cancel;
  }

  void after(RunResult result) {
    List<String> built =
        result.tasks(TaskOutcome.Kind.BUILT).stream()
            .flatMap(task -> task.version().stream())
            .toList();
    if (result.commit().isEmpty() || built.isEmpty()) {
      return;
    }
    for (Version version : find(built)) {
      try {
        if (compactor.plan(version).files() >= MANY_FILES) {
          compactor
              .compact(version, cancel)
              .ifPresent(compacted -> events.accept(new RunEvent.Compacted(compacted)));
        }
      } catch (CancelledException e) {
        return;
      } catch (RuntimeException e) {
        // Even a defect: what was published is published.
        events.accept(new RunEvent.NotCompacted(version.table(), String.valueOf(e.getMessage())));
      }
    }
  }

  private Collection<Version> find(List<String> ids) {
    try {
      return workspace.catalog().versions().findAll(ids).values();
    } catch (HeadraceException e) {
      // Whoever needs them next hears of it.
      return List.of();
    }
  }
}
