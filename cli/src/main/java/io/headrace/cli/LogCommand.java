package io.headrace.cli;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace log}: the commits of an environment. */
@Command(
    name = "log",
    description = "Show the commits of an environment, newest first.",
    sortOptions = false)
final class LogCommand extends ProjectCommand {
  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "How many commits (default: 20)")
  private int limit = 20;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  LogCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Environments environments = workspace.catalog().environments();
    new Snapshots(environments, console().zone()).require(environment);
    List<Object> objects = new ArrayList<>();
    TextTable text = new TextTable("", "rlllrl");
    for (Commit commit : environments.log(environment, limit)) {
      int changes = environments.changes(commit.id()).size();
      objects.add(ServerJson.of(commit, changes));
      text.row(
          String.valueOf(commit.id()),
          Texts.time(commit.at(), console().zone()),
          commit.author(),
          "",
          Texts.count(changes, "table"),
          commit.message());
    }
    if (json) {
      console().out().println(Json.write(objects));
    } else if (text.isEmpty()) {
      console().err().println("'%s' has no commits yet. Run `headrace run`".formatted(environment));
    } else {
      console().out().print(text);
    }
    return 0;
  }
}
