package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Versions;
import io.headrace.error.UsageException;
import io.headrace.query.Snapshots;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace pin} and {@code unpin}: keep a version whatever happens, or no longer. */
final class PinCommand {
  private PinCommand() {}

  /** What both have in common. */
  private abstract static class OfVersion extends ProjectCommand {
    @Parameters(
        paramLabel = "TABLE|VERSION",
        description = "A table, for the version it has now, or a version")
    private String subject = "";

    @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
    private String environment = Environment.MAIN;

    OfVersion(Console console) {
      super(console);
    }

    final String version(Workspace workspace) {
      Snapshot snapshot =
          new Snapshots(workspace.catalog().environments(), console().zone()).head(environment);
      for (TableName table : snapshot.versions().keySet()) {
        if (table.toString().equals(subject)) {
          return snapshot.version(table).orElseThrow();
        }
      }
      Versions versions = workspace.catalog().versions();
      return versions.all().stream()
          .map(io.headrace.catalog.Version::id)
          .filter(id -> subject.length() >= 4 && id.startsWith(subject))
          .findFirst()
          .orElseThrow(
              () ->
                  new UsageException(
                      "Unknown table or version '%s'".formatted(subject),
                      "See `headrace show` and `headrace show TABLE`"));
    }
  }

  @Command(name = "pin", description = "Keep a version from being collected.", sortOptions = false)
  static final class Pin extends OfVersion {
    Pin(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      String version = version(workspace);
      workspace.catalog().environments().pin(version, console().clock().instant());
      console().out().println("Pinned version '%s'".formatted(version));
      return 0;
    }
  }

  @Command(
      name = "unpin",
      description = "Let a pinned version be collected again.",
      sortOptions = false)
  static final class Unpin extends OfVersion {
    Unpin(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      String version = version(workspace);
      boolean was = workspace.catalog().environments().unpin(version);
      console()
          .out()
          .println(
              (was ? "Unpinned version '%s'" : "Version '%s' was not pinned").formatted(version));
      return 0;
    }
  }
}
