package io.headrace.run;

import io.headrace.catalog.Snapshot;
import io.headrace.engine.Cancellation;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.plan.Plan;
import io.headrace.plan.Planner;
import io.headrace.plan.Reasons;
import io.headrace.plan.Resolver;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Set;

/**
 * Plans what requests ask for. Writes nothing.
 *
 * @param sources says how far things in outside systems go
 */
record Planning(Workspace workspace, Graph graph, Resolver.Sources sources) {
  /** In place of the name of a run, where there is none. */
  private static final String NO_RUN = "plan";

  /** Opens each thing when it is asked for. Connectors are not loaded before. */
  static Resolver.Sources openingEach(Workspace workspace) {
    return (external, known, afresh, cancel) ->
        workspace.connectors().positions(external, known, afresh, cancel);
  }

  /**
   * A plan to look at.
   *
   * @param refresh the tables to build even if their version is there
   */
  Plan plan(RunRequest request, Snapshot base, Set<TableName> refresh) {
    return plan(request, base, resolver(request, base, NO_RUN, Cancellation.never()), refresh);
  }

  /** A plan to build, by what resolves its versions as well. */
  Plan plan(RunRequest request, Snapshot base, Resolver resolver, Set<TableName> refresh) {
    Reasons reasons = new Reasons(workspace.catalog().versions());
    return new Planner(graph, base, resolver, reasons)
        .plan(request.selected(), refresh, workspace.catalog().checkResults());
  }

  /**
   * Finds the versions that a request asks for.
   *
   * @param nonce tells what is built afresh from what was built before
   */
  Resolver resolver(RunRequest request, Snapshot base, String nonce, Cancellation cancel) {
    List<Node> nodes =
        graph.order().stream().filter(node -> request.selected().contains(node.name())).toList();
    return Resolver.of(
        workspace.root(),
        nodes,
        base,
        request.refresh(),
        request.forward(),
        workspace.catalog().versions(),
        workspace.fileIdentifier(),
        (external, known, afresh, until) ->
            sources.positions(external, known, afresh && !request.givesUpNothing(), until),
        nonce,
        cancel);
  }
}
