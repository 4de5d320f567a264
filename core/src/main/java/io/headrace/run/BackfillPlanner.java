package io.headrace.run;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.plan.Plan;
import io.headrace.project.Task;
import io.headrace.workspace.Workspace;
import java.util.Optional;
import java.util.Set;

/** Plans backfills of tables that may be computed in parts. Writes nothing. */
public final class BackfillPlanner {
  private final Workspace workspace;
  private final Graph graph;
  private final Planning planning;

  public BackfillPlanner(Workspace workspace, Graph graph) {
    this.workspace = workspace;
    this.graph = graph;
    this.planning = new Planning(workspace, graph, Planning.openingEach(workspace));
  }

  /**
   * Says what a backfill would compute.
   *
   * @param request of no table but the one whose partitions are computed again
   * @throws HeadraceException if a run would build the table: what stays of it must be what a full
   *     build makes
   */
  public BackfillPlan plan(RunRequest request) {
    Backfill backfill = request.backfill().orElseThrow();
    Snapshot base = workspace.catalog().environments().head(request.environment());
    Node node = graph.find(backfill.table()).orElseThrow();
    String current =
        base.version(node.name())
            .orElseThrow(
                () ->
                    BackfillBuilds.notUpToDate(
                        node, "it is not in '%s' yet".formatted(base.environment())));
    requireParts(node);
    Plan.Planned task = planning.plan(request, base, Set.of()).tasks().get(0);
    Version version =
        task.version()
            .filter(current::equals)
            .flatMap(workspace.catalog().versions()::find)
            .orElseThrow(() -> BackfillBuilds.notUpToDate(node, task.reason()));
    if (version.recipe().before().isPresent()) {
      throw inOnePiece(node, "it has rows that other code made");
    }
    return BackfillPlan.of(backfill, workspace.tables().load(version.metadataLocation()));
  }

  private static void requireParts(Node node) {
    if (node.task().body() instanceof Task.External) {
      throw inOnePiece(node, "it is read from an outside system");
    }
    if (node.fanout().isPresent()) {
      throw inOnePiece(node, "it is made item by item");
    }
    Optional<Task.Incremental> incremental = node.task().configuration().incremental();
    if (incremental.isPresent() && !(incremental.get() instanceof Task.Append)) {
      throw inOnePiece(node, "it keeps rows by their keys");
    }
  }

  private static HeadraceException inOnePiece(Node node, String reason) {
    return new HeadraceException(
        "Cannot backfill '%s': %s".formatted(node.name(), reason),
        "Compute all of it with `headrace run --refresh=%s`".formatted(node.name()));
  }
}
