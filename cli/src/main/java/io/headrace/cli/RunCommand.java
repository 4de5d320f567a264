package io.headrace.cli;

import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace run}: build what is missing, check it, publish it. */
@Command(
    name = "run",
    description = "Build what is missing, check it, publish it: all of it or none of it.",
    sortOptions = false)
final class RunCommand extends LongCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "DIR|TABLE",
      description = "A project's folder, or tables to select as with --select")
  private List<String> arguments = new ArrayList<>();

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "How many tables are built at the same time (default: one for each core)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--publish",
      paramLabel = "all|ready",
      description =
          "What to publish if something fails: nothing (all), or the parts that hang together and are good (ready)")
  private PublishMode publish = PublishMode.ALL;

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "The commit's message")
  private String message = "";

  @Option(names = "--json", description = "Print events as JSON lines; the last one is the result")
  private boolean json;

  @Option(names = "--quiet", description = "Print no progress")
  private boolean quiet;

  RunCommand(Console console) {
    super(console);
  }

  @Override
  Optional<Path> folder() {
    if (arguments.isEmpty()) {
      return super.folder();
    }
    String first = arguments.get(0);
    Path path = console().folder().resolve(first);
    if (Files.isDirectory(path.resolve("tables"))) {
      arguments.remove(0);
      return Optional.of(path);
    }
    return first.contains("/") || Files.isDirectory(path)
        ? Optional.of(Path.of(first))
        : super.folder();
  }

  @Override
  int run(Workspace workspace) {
    requireJobs(jobs);
    workspace.startEngineIfNew();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, options.parameters());
    RunRequest request =
        options.request(workspace, graph, arguments, jobs, publish, message, console());
    return new RunOutput(console(), quiet, json, "run")
        .run(workspace, project, graph, request, cancel());
  }
}
