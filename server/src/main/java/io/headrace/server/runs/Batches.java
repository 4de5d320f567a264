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
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Makes each batch of what is followed known as a run. Used by the one thread that follows. */
final class Batches implements Follower.Listener {
  private final ServedProject served;
  private final Order order;
  private final ServedProject.FollowListener told;
  private final Cancellation cancel;
  private final RunLog log;
  private Project project;
  private @Nullable OngoingRun run;

  Batches(
      ServedProject served,
      Order order,
      Project project,
      ServedProject.FollowListener told,
      Cancellation cancel) {
    this.served = served;
    this.order = order;
    this.project = project;
    this.told = told;
    this.cancel = cancel;
    this.log = served.log();
  }

  @Override
  public void event(RunEvent event) {
    log.accept(event);
    if (event instanceof RunEvent.Started started && run == null) {
      run = served.register(order, started.run(), cancel);
    }
    if (run != null) {
      served.happened(run, event);
    }
  }

  @Override
  public void batch(RunResult result, SortedMap<TableName, Long> behind) {
    if (run != null) {
      run.end(result);
      served.deliver(project, result, run);
      served.isOver(run);
      run = null;
    }
  }

  @Override
  public void failed(HeadraceException failure) {
    if (run != null) {
      run.fail(failure);
      served.isOver(run);
      run = null;
    }
    told.failed(failure);
  }

  /** A project that changed was put there to be served. */
  @Override
  public Optional<Graph> changed(Project now) {
    try {
      Graph graph = served.workspace().buildGraph(now, order.parameters());
      project = now;
      return Optional.of(graph);
    } catch (HeadraceException e) {
      told.failed(e);
      return Optional.empty();
    }
  }
}
