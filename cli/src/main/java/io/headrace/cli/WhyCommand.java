package io.headrace.cli;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.engine.Pause;
import io.headrace.graph.Graph;
import io.headrace.plan.Plan;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.project.Project;
import io.headrace.run.RunRequest;
import io.headrace.run.Runner;
import io.headrace.server.json.Json;
import io.headrace.sql.Analysis;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace why}: what a table is a function of, and what that means for the next run. */
@Command(
    name = "why",
    description =
        "Say why a table would be built or reused: what its version is a function of, and which clause no fingerprint covers.",
    sortOptions = false)
final class WhyCommand extends ProjectCommand {
  @Parameters(paramLabel = "TABLE", description = "The table")
  private String table = "";

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  WhyCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Project project = workspace.readProject();
    TableName name = TableArgument.find(table, project.tasks().keySet());
    Graph graph = workspace.buildGraph(project, options.parameters());
    RunRequest request =
        options.request(
            workspace, graph, List.of("+" + name), 1, RunRequest.PublishMode.ALL, "", console());
    Plan plan =
        new Runner(workspace, project, graph, new SplittableRandom(0), Pause.REAL).plan(request);
    Planned task =
        plan.tasks().stream().filter(t -> t.node().name().equals(name)).findFirst().orElseThrow();
    if (json) {
      console().out().println(json(task));
    } else {
      print(plan, task);
    }
    return 0;
  }

  private void print(Plan plan, Planned task) {
    var out = console().out();
    boolean build = task.action() == Action.BUILD;
    out.println(
        "%s would be %s: %s"
            .formatted(task.node().name(), build ? "built" : "reused", task.reason()));
    for (Analysis.Unidentified clause : task.node().unidentified()) {
      out.println(
          "  %s  %s: %s, so that the table is built every time"
              .formatted(
                  io.headrace.graph.Places.of(task.node(), clause.offset()),
                  clause.clause(),
                  clause.reason()));
    }
    Optional<Recipe> recipe = task.resolved().map(Resolved::recipe);
    if (recipe.isEmpty()) {
      for (Planned other : plan.tasks()) {
        if (task.node().inputs().contains(other.node().name()) && other.action() == Action.BUILD) {
          out.println(
              "  reads %s, which would be built: %s"
                  .formatted(other.node().name(), other.reason()));
        }
      }
      return;
    }
    out.println("It is a function of");
    TextTable parts = new TextTable("  ", "lll");
    parts.row("code", task.node().task().file(), Texts.shortId(recipe.get().code()));
    parts.row("configuration", "", Texts.shortId(recipe.get().configuration()));
    recipe.get().parameters().forEach(parameter -> parts.row("parameter", parameter, ""));
    for (Input input : recipe.get().inputs()) {
      String kind = input.kind().name().toLowerCase(java.util.Locale.ROOT);
      parts.row(kind, input.name(), Texts.shortId(input.identity()));
    }
    out.print(parts);
    out.println("fingerprint " + task.resolved().get().fingerprint());
  }

  private static String json(Planned task) {
    List<Object> inputs = new ArrayList<>();
    task.resolved()
        .ifPresent(
            resolved ->
                resolved
                    .recipe()
                    .inputs()
                    .forEach(
                        input ->
                            inputs.add(
                                Json.object(
                                    "kind", input.kind().name().toLowerCase(java.util.Locale.ROOT),
                                    "name", input.name(),
                                    "identity", input.identity()))));
    return Json.write(
        Json.object(
            "table", task.node().name(),
            "action", task.action() == Action.BUILD ? "build" : "reuse",
            "reason", task.reason(),
            "unidentified",
                task.node().unidentified().stream().map(Analysis.Unidentified::clause).toList(),
            "inputs", inputs,
            "fingerprint", task.resolved().map(resolved -> (Object) resolved.fingerprint())));
  }
}
