package io.headrace.cli;

import io.headrace.error.UsageException;
import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
  private static final String DEFAULT_INTERVAL = "1s";

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
      names = "--follow",
      description = "Go on: look for what arrives at the sources, and publish it batch by batch")
  private boolean follow;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      description = "How often --follow looks, such as 500ms, 1s or 5m (default: 1s)")
  private @Nullable String interval;

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

  @Mixin private ReportOptions report = new ReportOptions();

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
    console().requireHere(follow, "--follow", "Give the project a schedule with `follow: 10s`");
    workspace.startEngineIfNew();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, options.parameters());
    Function<Graph, RunRequest> requests =
        each -> options.request(workspace, each, arguments, jobs, publish, message, console());
    if (follow) {
      Duration every = TimeSpan.parse(interval == null ? DEFAULT_INTERVAL : interval);
      new Following(console(), workspace, project, graph, options.parameters(), requests, report)
          .follow(every, cancel());
      return 0;
    }
    if (interval != null) {
      throw new UsageException("--interval without --follow", "Add `--follow`");
    }
    return report
        .output(console(), "run")
        .run(workspace, project, graph, requests.apply(graph), cancel());
  }
}
