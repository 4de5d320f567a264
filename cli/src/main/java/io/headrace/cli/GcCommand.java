package io.headrace.cli;

import io.headrace.maintain.Garbage;
import io.headrace.server.json.Json;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace gc}: delete what nothing reaches. */
@Command(
    name = "gc",
    description = "Say which versions, files and records nothing needs, then delete them.",
    sortOptions = false)
final class GcCommand extends ProjectCommand {
  @Option(
      names = "--keep",
      paramLabel = "DURATION",
      description =
          "How long history is kept, such as 7d (default: `keep` of headrace.yaml, or 30d)")
  private @Nullable String keep;

  @Option(names = "--dry-run", description = "Only say what would be deleted")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  GcCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Duration kept = keep == null ? workspace.readSettings().keep() : TimeSpan.parse(keep);
    Garbage.Found found = new Garbage(workspace).collect(kept, dryRun);
    if (json) {
      console()
          .out()
          .println(
              Json.write(
                  Json.object(
                      "dry_run", dryRun,
                      "versions", found.versions().stream().map(v -> v.id()).toList(),
                      "files", found.files(),
                      "bytes", found.bytes(),
                      "runs", found.runs().size(),
                      "logs", found.logs())));
      return 0;
    }
    found
        .versions()
        .forEach(
            version ->
                console()
                    .out()
                    .println(
                        "  version %s of %s"
                            .formatted(Texts.shortId(version.id()), version.table())));
    console()
        .out()
        .println(
            "%s %s and %s (%s)"
                .formatted(
                    dryRun ? "Would delete" : "Deleted",
                    Texts.count(found.versions().size(), "version"),
                    Texts.count(found.files().size(), "file"),
                    Texts.bytes(found.bytes())));
    if (!found.runs().isEmpty()) {
      console()
          .out()
          .println(
              "%s the records of %s, and the logs of %d"
                  .formatted(
                      dryRun ? "Would delete" : "Deleted",
                      Texts.count(found.runs().size(), "run"),
                      found.logs()));
    }
    return 0;
  }
}
