package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Snapshot;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code headrace env}: environments, which are named sets of pointers and never copies of data.
 */
@Command(
    name = "env",
    description = "List, create and delete environments.",
    synopsisSubcommandLabel = "COMMAND")
final class EnvCommand extends CommandGroup {
  EnvCommand(Console console) {
    super(console);
  }

  /** The command with the commands below it. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new EnvCommand(console))
        .addSubcommand("list", new ListEnvironments(console))
        .addSubcommand("create", new Create(console))
        .addSubcommand("delete", new Delete(console));
  }

  @Command(name = "list", description = "List the environments.", sortOptions = false)
  private static final class ListEnvironments extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    ListEnvironments(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      Environments environments = workspace.catalog().environments();
      List<Object> objects = new ArrayList<>();
      TextTable text = new TextTable("", "lrrl");
      text.row("environment", "commit", "tables", "forked from commit");
      for (Environment environment : environments.list()) {
        int tables = environments.head(environment.name()).versions().size();
        objects.add(ServerJson.of(environment, tables));
        text.row(
            environment.name(),
            String.valueOf(environment.head()),
            String.valueOf(tables),
            environment.forkedFrom().map(String::valueOf).orElse(""));
      }
      console().out().print(json ? Json.write(objects) + "\n" : text.toString());
      return 0;
    }
  }

  @Command(
      name = "create",
      description = "Create an environment with the pointers of another.",
      sortOptions = false)
  private static final class Create extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "Its name: a-z, 0-9, - and _")
    private String name = "";

    @Option(
        names = "--from",
        paramLabel = "ENV",
        description = "The environment that it starts as (default: main)")
    private String from = Environment.MAIN;

    @Option(
        names = "--at",
        paramLabel = "TIME|COMMIT",
        description = "As that environment was then")
    private @Nullable String at;

    Create(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      Environments environments = workspace.catalog().environments();
      Snapshots snapshots = new Snapshots(environments, console().zone());
      Snapshot start = at == null ? snapshots.head(from) : snapshots.at(from, at);
      environments.create(name, Optional.of(start), console().clock().instant());
      console()
          .out()
          .println(
              "Created '%s' from '%s' with %s"
                  .formatted(name, from, Texts.count(start.versions().size(), "table")));
      console().err().println("Run `headrace run --env %s` to build in it".formatted(name));
      return 0;
    }
  }

  @Command(
      name = "delete",
      description = "Delete an environment and its history; versions stay until `headrace gc`.",
      sortOptions = false)
  private static final class Delete extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "Its name")
    private String name = "";

    Delete(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      Environments environments = workspace.catalog().environments();
      new Snapshots(environments, console().zone()).require(name);
      environments.delete(name);
      console().out().println("Deleted '%s'".formatted(name));
      return 0;
    }
  }
}
