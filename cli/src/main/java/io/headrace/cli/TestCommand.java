package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.plan.Schemas;
import io.headrace.project.Project;
import io.headrace.project.UnitTest;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import io.headrace.unittest.UnitTests;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace test}: unit tests of queries. */
@Command(
    name = "test",
    description = "Run the unit tests of tests/: given these input rows, expect these output rows.",
    sortOptions = false)
final class TestCommand extends ProjectCommand {
  private static final int SHOWN_ROWS = 20;

  @Parameters(arity = "0..*", paramLabel = "TABLE", description = "Only the tests of these tables")
  private List<String> selectors = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  TestCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    workspace.startEngine();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, Map.of());
    Set<TableName> selected = Selection.of(graph, selectors);
    List<UnitTests.Outcome> outcomes = new ArrayList<>();
    try (Schemas schemas = new Schemas(workspace, graph)) {
      UnitTests tests = new UnitTests(workspace, project, graph, schemas);
      for (UnitTest test : project.tests()) {
        if (selected.contains(test.table())) {
          outcomes.add(tests.run(test, Cancellation.never()));
        }
      }
    }
    print(outcomes);
    return outcomes.stream().allMatch(UnitTests.Outcome::passed) ? 0 : 1;
  }

  private void print(List<UnitTests.Outcome> outcomes) {
    if (json) {
      List<Object> objects = new ArrayList<>();
      for (UnitTests.Outcome outcome : outcomes) {
        objects.add(
            Json.object(
                "table", outcome.test().table(),
                "test", outcome.test().name(),
                "passed", outcome.passed(),
                "error", outcome.error(),
                "hint", outcome.hint()));
      }
      console().out().println(Json.write(objects));
      return;
    }
    for (UnitTests.Outcome outcome : outcomes) {
      UnitTest test = outcome.test();
      console()
          .out()
          .println(
              "  %s  %s: %s"
                  .formatted(outcome.passed() ? "passed" : "failed", test.table(), test.name()));
      if (!outcome.passed()) {
        console()
            .out()
            .println(
                "          "
                    + test.at()
                    + (outcome.error().isEmpty()
                        ? ": - expected, + found"
                        : ": " + outcome.error()));
        if (!outcome.hint().isEmpty()) {
          console().out().println("          hint: " + outcome.hint());
        }
        outcome
            .differences()
            .ifPresent(rows -> console().out().print(RowsText.of(rows, SHOWN_ROWS, "          ")));
      }
    }
    long failed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
    console()
        .out()
        .println(
            "%s run, %d passed, %d failed"
                .formatted(Texts.count(outcomes.size(), "test"), outcomes.size() - failed, failed));
  }
}
