package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.check.CheckOutcome;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.graph.Selection;
import io.headrace.project.Project;
import io.headrace.query.Snapshots;
import io.headrace.run.Checking;
import io.headrace.server.json.Json;
import io.headrace.server.json.RunJson;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace check}: ask the checks of what is published. */
@Command(
    name = "check",
    description = "Ask all checks of the published tables, whether they were asked before or not.",
    sortOptions = false)
final class CheckCommand extends ProjectCommand {
  private static final int SHOWN_ROWS = 10;

  @Parameters(arity = "0..*", paramLabel = "TABLE", description = "Only the checks of these tables")
  private List<String> selectors = new ArrayList<>();

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  CheckCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    workspace.startEngine();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, Map.of());
    Snapshot snapshot =
        new Snapshots(workspace.catalog().environments(), console().zone()).head(environment);
    Set<TableName> selected = Selection.of(graph, selectors);
    List<CheckOutcome> outcomes = new ArrayList<>();
    List<CheckNode> skipped = new ArrayList<>();
    try (Session session = workspace.engine().open(workspace.root())) {
      Checking checking = new Checking(workspace, session, snapshot.environment());
      for (CheckNode check : checks(graph, selected)) {
        if (snapshot.versions().keySet().containsAll(check.reads())) {
          outcomes.add(checking.ask(check, snapshot.versions(), Cancellation.never()));
        } else {
          skipped.add(check);
        }
      }
    }
    print(outcomes, skipped);
    return outcomes.stream().anyMatch(CheckOutcome::blocks) ? 1 : 0;
  }

  private static List<CheckNode> checks(Graph graph, Set<TableName> selected) {
    List<CheckNode> checks = new ArrayList<>();
    for (Node node : graph.order()) {
      if (selected.contains(node.name())) {
        node.checks().stream().filter(CheckNode::isLocal).forEach(checks::add);
      }
    }
    for (CheckNode rule : graph.rules()) {
      if (rule.reads().stream().anyMatch(selected::contains)) {
        checks.add(rule);
      }
    }
    return checks;
  }

  private void print(List<CheckOutcome> outcomes, List<CheckNode> skipped) {
    if (json) {
      console().out().println(Json.write(outcomes.stream().map(RunJson::check).toList()));
      return;
    }
    for (CheckOutcome outcome : outcomes) {
      String word = outcome.passed() ? "passed " : outcome.blocks() ? "failed " : "warning";
      console().out().println("  %s  %s".formatted(word, outcome.check().title()));
      if (!outcome.passed()) {
        console()
            .out()
            .println("           %s: %s".formatted(outcome.check().at(), outcome.message()));
        outcome
            .sample()
            .ifPresent(rows -> console().out().print(RowsText.of(rows, SHOWN_ROWS, "           ")));
      }
    }
    for (CheckNode check : skipped) {
      console()
          .out()
          .println(
              "  skipped  %s: its tables are not in '%s'"
                  .formatted(check.check().title(), environment));
    }
    long failed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
    console()
        .out()
        .println(
            "%s asked, %d passed, %d failed"
                .formatted(
                    Texts.count(outcomes.size(), "check"), outcomes.size() - failed, failed));
  }
}
