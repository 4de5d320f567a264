package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.run.Follower;
import io.headrace.run.RunEvent;
import io.headrace.run.RunLog;
import io.headrace.run.RunResult;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.Optional;
import java.util.SortedMap;

/** Makes each batch of what is followed known as a run. Used by the one thread that follows. */
final class Batches implements Follower.Listener {
  private final ServedProject served;
  private final Order order;
  private final Workspace workspace;
  private final ServedProject.FollowListener told;
  private final WatchedRun run;
  private final RunLog log;
  private Project project;

  Batches(
      ServedProject served,
      Order order,
      Workspace workspace,
      Project project,
      ServedProject.FollowListener told,
      Cancellation cancel) {
    this.served = served;
    this.order = order;
    this.workspace = workspace;
    this.project = project;
    this.told = told;
    this.run = new WatchedRun(served, order, cancel);
    this.log = served.log();
  }

  @Override
  public void event(RunEvent event) {
    log.accept(event);
    run.accept(event);
  }

  @Override
  public void batch(RunResult result, SortedMap<TableName, Long> behind) {
    run.ended(result, (how, batch) -> served.deliver(workspace, project, how, batch));
  }

  @Override
  public void failed(HeadraceException failure) {
    run.failed(failure);
    told.failed(failure);
  }

  /** A project that changed was put there to be served. */
  @Override
  public Optional<Graph> changed(Project now) {
    try {
      Graph graph = workspace.buildGraph(now, order.parameters());
      project = now;
      return Optional.of(graph);
    } catch (HeadraceException e) {
      told.failed(e);
      return Optional.empty();
    }
  }
}
