package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.publish.Promotion;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace promote}: move what was built in one environment to another. */
@Command(
    name = "promote",
    description = "Move an environment's pointers to where another's are. Builds nothing.",
    sortOptions = false)
final class PromoteCommand extends LongCommand {
  @Parameters(paramLabel = "FROM", description = "The environment whose changes are promoted")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "ENV",
      description = "The environment that gets them (default: main)")
  private String to = Environment.MAIN;

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "The commit's message")
  private String message = "";

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  @Mixin private ExportOptions exports = new ExportOptions();

  PromoteCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Snapshots snapshots = new Snapshots(workspace.catalog().environments(), console().zone());
    snapshots.require(from);
    snapshots.require(to);
    Promotion.Promoted promoted =
        new Promotion(workspace.catalog())
            .promote(from, to, console().user(), message, console().clock().instant());
    if (json) {
      Deliveries.Moved delivered = deliver(workspace);
      console()
          .out()
          .println(
              Json.write(
                  Json.object(
                      "commit", promoted.commit(),
                      "tables", promoted.changes().keySet(),
                      "exports", delivered.objects())));
      return delivered.exitCode();
    }
    if (promoted.commit().isEmpty()) {
      console().out().println("Nothing to promote: '%s' has what '%s' has".formatted(to, from));
    } else {
      console()
          .out()
          .println(
              "Promoted '%s' to '%s' as commit %d: %s"
                  .formatted(
                      from, to, promoted.commit().get(), Texts.join(promoted.changes().keySet())));
      console().err().println("Undo it with `headrace rollback %s`".formatted(to));
    }
    return deliver(workspace).exitCode();
  }

  private Deliveries.Moved deliver(Workspace workspace) {
    return exports.areWanted()
        ? Deliveries.afterMove(console(), workspace, to, json, cancel())
        : new Deliveries.Moved(List.of(), 0);
  }
}
