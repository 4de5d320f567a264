package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.error.UsageException;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.query.Snapshots;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that {@code plan} and {@code run} share. */
final class RunOptions {
  @Option(
      names = {"-s", "--select"},
      paramLabel = "TABLE",
      split = ",",
      description =
          "Only these tables: orders, +orders (and what it reads), orders+ (and what reads it), marts.*, tag:x")
  private List<String> select = new ArrayList<>();

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(
      names = "--onto",
      paramLabel = "ENV",
      description =
          "Build against the newest commit of that environment, so that it can be promoted there")
  private @Nullable String onto;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A parameter's value, instead of its default")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--refresh",
      paramLabel = "TABLE",
      split = ",",
      arity = "0..1",
      fallbackValue = "*",
      description = "Build these tables even if nothing changed (default: all that are selected)")
  private List<String> refresh = new ArrayList<>();

  @Option(
      names = "--forward",
      paramLabel = "TABLE",
      split = ",",
      arity = "0..1",
      fallbackValue = "*",
      description =
          "Keep the rows of these incremental tables and apply changed code to new rows only (default: all that are selected)")
  private List<String> forward = new ArrayList<>();

  String environment() {
    return environment;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  /** The request that the options make. */
  RunRequest request(
      Workspace workspace,
      Graph graph,
      List<String> selectors,
      int jobs,
      PublishMode publish,
      String message,
      Console console) {
    Snapshots snapshots = new Snapshots(workspace.catalog().environments(), console.zone());
    snapshots.require(environment);
    List<String> all = new ArrayList<>(selectors);
    all.addAll(select);
    Set<TableName> selected = Selection.of(graph, all);
    if (onto != null && !all.isEmpty()) {
      throw new UsageException(
          "Cannot select tables together with --onto",
          "Leave the selection out: what is there already is reused");
    }
    Optional<Long> ontoCommit =
        Optional.ofNullable(onto).map(name -> snapshots.head(name).commit());
    return new RunRequest(
        environment,
        selected,
        Selection.of(graph, selected, refresh),
        Selection.of(graph, selected, forward),
        jobs,
        publish,
        console.user(),
        message,
        ontoCommit,
        Optional.empty(),
        false);
  }
}
