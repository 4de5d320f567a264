package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.CancelledException;
import io.headrace.maintain.Maintenance;
import io.headrace.query.Snapshots;
import io.headrace.rewrite.Compactor.Compacted;
import io.headrace.server.json.Json;
import io.headrace.server.json.RunJson;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace maintain}: make tables of many small files faster to read. */
@Command(
    name = "maintain",
    description = "Make few files of the many small ones of a table; nothing is built again.",
    sortOptions = false)
final class MaintainCommand extends LongCommand {
  @Parameters(arity = "0..*", paramLabel = "TABLE", description = "Only these tables")
  private List<String> selectors = new ArrayList<>();

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(names = "--dry-run", description = "Only say what would be done")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  MaintainCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Snapshot snapshot =
        new Snapshots(workspace.catalog().environments(), console().zone()).head(environment);
    List<Version> versions = versions(workspace, snapshot);
    List<Compacted> done = new ArrayList<>();
    try {
      new Maintenance(workspace)
          .compact(
              versions,
              dryRun,
              compacted -> {
                done.add(compacted);
                if (!json) {
                  console().out().println("  " + Texts.compacted(compacted, dryRun));
                }
              },
              cancel());
    } catch (CancelledException e) {
      console()
          .err()
          .println("Cancelled: %s compacted".formatted(Texts.count(done.size(), "table")));
      return 130;
    }
    if (json) {
      console()
          .out()
          .println(Json.write(done.stream().map(c -> RunJson.compacted(c, dryRun)).toList()));
    } else {
      String verb = dryRun ? "Would compact" : "Compacted";
      console()
          .out()
          .println(
              "%s %d of %s".formatted(verb, done.size(), Texts.count(versions.size(), "table")));
    }
    return 0;
  }

  private List<Version> versions(Workspace workspace, Snapshot snapshot) {
    Set<TableName> tables = new TreeSet<>();
    for (String selector : selectors) {
      tables.add(TableArgument.find(selector, snapshot.versions().keySet()));
    }
    Map<String, Version> found =
        workspace.catalog().versions().findAll(snapshot.versions().values());
    List<Version> versions = new ArrayList<>();
    snapshot
        .versions()
        .forEach(
            (table, id) -> {
              Version version = found.get(id);
              if (version != null && (tables.isEmpty() || tables.contains(table))) {
                versions.add(version);
              }
            });
    return versions;
  }
}
