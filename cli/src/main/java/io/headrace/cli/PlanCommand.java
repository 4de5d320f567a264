package io.headrace.cli;

import io.headrace.engine.Pause;
import io.headrace.graph.Graph;
import io.headrace.plan.Plan;
import io.headrace.project.Project;
import io.headrace.run.RunRequest;
import io.headrace.run.Runner;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace plan}: what a run would do. */
@Command(
    name = "plan",
    description = "Say what a run would build and why, and what it would reuse. Changes nothing.",
    sortOptions = false)
final class PlanCommand extends ProjectCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "TABLE",
      description = "Tables to select as with --select")
  private List<String> selectors = new ArrayList<>();

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--all", description = "List what is reused too")
  private boolean all;

  @Option(names = "--json", description = "Print the plan as JSON")
  private boolean json;

  PlanCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    workspace.startEngineIfNew();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, options.parameters());
    RunRequest request =
        options.request(workspace, graph, selectors, 1, RunRequest.PublishMode.ALL, "", console());
    Plan plan =
        new Runner(workspace, project, graph, new SplittableRandom(0), Pause.REAL).plan(request);
    PlanOutput output = PlanOutput.of(workspace, plan);
    if (json) {
      console().out().println(output.json());
      return 0;
    }
    output.print(console().out(), all);
    console()
        .err()
        .println(
            plan.isUpToDate()
                ? "Nothing to do"
                : "Nothing has changed yet. Run `headrace run` to do it");
    return 0;
  }
}
