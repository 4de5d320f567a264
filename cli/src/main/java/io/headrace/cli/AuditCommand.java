package io.headrace.cli;

import io.headrace.access.Accounts;
import io.headrace.access.AuditLog.Entry;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace audit}: what was asked of a server, and what became of it. */
@Command(
    name = "audit",
    description = "Show who asked a server for what: changes, queries, logins, refusals.",
    sortOptions = false)
final class AuditCommand extends AccessCommand {
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many of the newest entries (default: 50)")
  private int limit = 50;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  AuditCommand(Console console) {
    super(console);
  }

  @Override
  int run(Accounts accounts) {
    List<Entry> entries = accounts.audit().list(Math.max(1, limit));
    if (json) {
      console().out().println(Json.write(entries.stream().map(ServerJson::of).toList()));
      return 0;
    }
    TextTable text =
        new TextTable("", "llllll").row("time", "who", "address", "what", "outcome", "about");
    for (Entry entry : entries) {
      text.row(
          Texts.time(entry.at(), console().zone()),
          entry.who().isEmpty() ? "(nobody)" : entry.who(),
          entry.address(),
          entry.action(),
          entry.concluded().orElse("(not known)"),
          Stream.of(entry.project(), entry.environment(), entry.subject())
              .filter(part -> !part.isEmpty())
              .collect(Collectors.joining(" "))
              .replaceAll("\\s+", " "));
    }
    console().out().print(text);
    return 0;
  }
}
