package io.headrace.cli;

import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.export.ExportOutcome;
import io.headrace.project.Export;
import io.headrace.project.Project;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace export}: deliver published tables. */
@Command(
    name = "export",
    description = "Deliver published tables to where exports/ says, unless they are there already.",
    sortOptions = false)
final class ExportCommand extends LongCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Only these exports (default: all)")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "Only exports of that environment (default: of all)")
  private @Nullable String environment;

  @Option(names = "--dry-run", description = "Only say what would be delivered")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  ExportCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    List<Export> exports = chosen(workspace.readProject());
    if (exports.isEmpty() && !json) {
      console()
          .out()
          .println("No exports" + (environment == null ? "" : " of '%s'".formatted(environment)));
    }
    List<ExportOutcome> outcomes =
        new Deliveries(console(), workspace, json).deliver(exports, dryRun, cancel());
    if (json) {
      console().out().println(Json.write(outcomes.stream().map(ServerJson::of).toList()));
    }
    return Deliveries.exitCode(outcomes, cancel());
  }

  private List<Export> chosen(Project project) {
    Map<String, Export> all = project.exports();
    for (String name : names) {
      if (!all.containsKey(name)) {
        throw new UsageException(
            "Unknown export '%s'".formatted(name),
            NearestWord.hint(
                name, all.keySet(), "An export is a file 'exports/%s.yaml'".formatted(name)));
      }
    }
    return all.values().stream()
        .filter(export -> names.isEmpty() || names.contains(export.name()))
        .filter(export -> environment == null || export.environment().equals(environment))
        .toList();
  }
}
