package io.headrace.run;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Version;
import io.headrace.connector.Position;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Node;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.project.Task;
import io.headrace.run.TaskBuilder.Made;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Builds tables whose rows are in outside systems: reads the rows into files, for which no slot is
 * held, and has the engine take those in. Safe for many threads.
 */
final class ExternalBuilds {
  private final RunContext context;
  private final VersionBuilds builds;
  private final TaskBuilder builder;
  private final StagedReads reads;

  ExternalBuilds(RunContext context, VersionBuilds builds, TaskBuilder builder, StagedReads reads) {
    this.context = context;
    this.builds = builds;
    this.builder = builder;
    this.reads = reads;
  }

  /** Builds, as often as the task may try. */
  Made build(
      Node node,
      Task.External external,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh) {
    try {
      return builds.retrying(node, "", () -> attempt(node, external, resolved, before, refresh));
    } finally {
      reads.done(node);
    }
  }

  private Made attempt(
      Node node,
      Task.External external,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh) {
    Reading reading =
        builds.within(node, limited -> read(external, node, resolved, before, refresh, limited));
    return builder.keep(
        context
            .slots()
            .hold(
                reading.bytes(),
                () ->
                    builds.within(
                        node,
                        limited ->
                            builder.compute(
                                reading.node(),
                                resolved,
                                before,
                                refresh,
                                reading.files(),
                                reading.fresh(),
                                limited))));
  }

  /**
   * Rows in files.
   *
   * @param node reads them
   * @param fresh the files if they hold only what is new; else none
   */
  private record Reading(Node node, List<Path> files, List<Path> fresh) {
    static Reading of(Node node, Staged staged, boolean isFresh) {
      return new Reading(
          node.reading(staged), node.filesOf(staged), isFresh ? node.filesOf(staged) : List.of());
    }

    long bytes() {
      long bytes = 0;
      for (Path file : files) {
        try {
          bytes += Files.size(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return bytes;
    }
  }

  /** Reads what is new, if that can be added to what is there; else everything. */
  private Reading read(
      Task.External external,
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      Cancellation cancel) {
    Recipe recipe = resolved.recipe();
    List<Position> upTo = Recipes.positions(recipe);
    Optional<Version> base = refresh ? Optional.empty() : before;
    Optional<List<Position>> start = base.flatMap(old -> builder.startOf(node, recipe, old));
    if (start.isPresent()) {
      Reading fresh = Reading.of(node, reads.read(node, external, start.get(), upTo, cancel), true);
      if (builder.hasSchemaOf(base.orElseThrow(), fresh.node(), fresh.files(), cancel)) {
        return fresh;
      }
    }
    return Reading.of(node, reads.read(node, external, List.of(), upTo, cancel), false);
  }
}
