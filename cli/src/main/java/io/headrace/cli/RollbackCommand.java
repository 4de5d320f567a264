package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.graph.Graph;
import io.headrace.publish.Rollback;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace rollback}: back to an earlier commit. */
@Command(
    name = "rollback",
    description =
        "Move an environment back to an earlier commit: all of it, or a table with all that reads it.",
    sortOptions = false)
final class RollbackCommand extends LongCommand {
  @Parameters(arity = "0..1", paramLabel = "ENV", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(
      names = "--to",
      paramLabel = "COMMIT",
      description = "The commit to go back to (default: the one before the newest)")
  private @Nullable Long to;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Only this table and all that reads it")
  private @Nullable String table;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  @Mixin private ExportOptions exports = new ExportOptions();

  RollbackCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    new Snapshots(workspace.catalog().environments(), console().zone()).require(environment);
    Rollback.RolledBack done =
        new Rollback(workspace.catalog())
            .rollback(
                environment,
                Optional.ofNullable(to),
                only(workspace),
                console().user(),
                console().clock().instant());
    if (json) {
      Deliveries.Moved delivered = deliver(workspace);
      console()
          .out()
          .println(
              Json.write(
                  Json.object(
                      "commit",
                      done.commit(),
                      "to",
                      done.to(),
                      "tables",
                      done.changes().keySet(),
                      "exports",
                      delivered.objects())));
      return delivered.exitCode();
    }
    if (done.commit().isEmpty()) {
      console()
          .out()
          .println(
              "Nothing to do: '%s' is as it was after commit %d".formatted(environment, done.to()));
    } else {
      console()
          .out()
          .println(
              "Rolled '%s' back to commit %d, as commit %d: %s"
                  .formatted(
                      environment,
                      done.to(),
                      done.commit().get(),
                      Texts.join(done.changes().keySet())));
      console()
          .err()
          .println("The next `headrace run` brings the project's tables up to date again");
    }
    return deliver(workspace).exitCode();
  }

  private Deliveries.Moved deliver(Workspace workspace) {
    return exports.areWanted()
        ? Deliveries.afterMove(console(), workspace, environment, json, cancel())
        : new Deliveries.Moved(List.of(), 0);
  }

  private Set<TableName> only(Workspace workspace) {
    if (table == null) {
      return Set.of();
    }
    Graph graph = workspace.buildGraph(workspace.readProject(), Map.of());
    TableName name = TableArgument.find(table, graph.nodes().keySet());
    return graph.downstream(graph.withHalves(List.of(name)));
  }
}
