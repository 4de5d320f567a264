package io.headrace.cli;

import io.headrace.catalog.Runs;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.export.ExportOutcome;
import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.run.RunEvent;
import io.headrace.run.RunLog;
import io.headrace.run.RunRequest;
import io.headrace.run.RunResult;
import io.headrace.run.Runner;
import io.headrace.run.UndecidedException;
import io.headrace.server.json.Json;
import io.headrace.server.json.RejectedRows;
import io.headrace.server.json.RunJson;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.runs.WatchedRun;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs a request and tells of it: as JSON lines, or to people while it goes and at its end.
 *
 * @param delivers whether exports are delivered afterwards
 * @param command what carries on with a run that failed
 */
record RunOutput(Console console, boolean quiet, boolean json, boolean delivers, String command) {

  /** Runs to the end and returns the exit code. */
  int run(
      Workspace workspace, Project project, Graph graph, RunRequest request, Cancellation cancel) {
    Optional<ServedProject> served = console.served().map(Console.Served::project);
    Runner runner =
        served
            .map(each -> each.runner(workspace, project, graph))
            .orElseGet(
                () -> new Runner(workspace, project, graph, new SplittableRandom(), Pause.REAL));
    Optional<WatchedRun> watched = served.map(each -> each.watch(request, cancel));
    Progress progress = new Progress(console, quiet || json);
    RunLog log = new RunLog(workspace.stateFolder().resolve("runs"), workspace.clock());
    Consumer<RunEvent> listener =
        event -> {
          log.accept(event);
          watched.ifPresent(each -> each.accept(event));
          if (json) {
            console.out().println(Json.write(RunJson.of(event)));
            console.out().flush();
          } else {
            progress.accept(event);
          }
        };
    RunResult result;
    try {
      result = carryOut(runner, request, listener, cancel);
    } catch (RuntimeException e) {
      watched.ifPresent(each -> each.failed(e));
      throw e;
    }
    watched.ifPresent(each -> each.ended(result));
    SortedMap<TableName, RejectedRows> rejected =
        RejectedRows.of(result, graph, workspace.catalog().versions());
    Deliveries deliveries = new Deliveries(console, workspace, json);
    boolean isDue = delivers && (result.isGood() || result.commit().isPresent());
    List<ExportOutcome> exports;
    if (json) {
      // The last line is the result.
      exports = isDue ? deliveries.afterRun(project, request.environment(), cancel) : List.of();
      console.out().println(Json.write(RunJson.summary(result, rejected)));
    } else {
      new RunSummary(console, project, graph, command).print(result, rejected);
      exports = isDue ? deliveries.afterRun(project, request.environment(), cancel) : List.of();
    }
    if (result.isGood()) {
      return Deliveries.exitCode(exports, cancel);
    }
    return result.state() == Runs.State.CANCELLED ? 130 : 1;
  }

  /** Asks what shall become of rows that other code made, where that is not decided. */
  private RunResult carryOut(
      Runner runner, RunRequest request, Consumer<RunEvent> listener, Cancellation cancel) {
    try {
      return runner.run(request, listener, cancel);
    } catch (UndecidedException e) {
      RunRequest decided = new CodeChange(console).ask(e, request).orElseThrow(() -> e);
      return runner.run(decided, listener, cancel);
    }
  }
}
