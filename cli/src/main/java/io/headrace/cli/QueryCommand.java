package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.engine.Session.Rows;
import io.headrace.error.UsageException;
import io.headrace.query.Reader;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace query}: SQL over the published tables. */
@Command(
    name = "query",
    description = "Run a query over the tables of one commit.",
    sortOptions = false)
final class QueryCommand extends ProjectCommand {
  private static final long MOST_PRINTED = 1000;

  @Parameters(paramLabel = "SQL", description = "The query; - reads it from standard input")
  private String sql = "";

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(
      names = "--at",
      paramLabel = "TIME|COMMIT",
      description = "As it was then: a commit number, '2026-01-31' or '2026-01-31T12:00:00'")
  private @Nullable String at;

  @Option(
      names = "--format",
      paramLabel = "table|csv|json|parquet",
      description = "How to print rows (default: table)")
  private Format format = Format.TABLE;

  @Option(names = "--json", description = "The same as --format json")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file that is not there yet")
  private @Nullable Path output;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Most rows that are printed as a table (default: 1000)")
  private long limit = MOST_PRINTED;

  /** How rows are written. */
  enum Format {
    TABLE,
    CSV,
    JSON,
    PARQUET
  }

  QueryCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) throws IOException {
    console().requireHere(output != null, "--output", "Leave it out, and redirect what is printed");
    console()
        .requireHere(
            format == Format.PARQUET, "--format parquet", "Give csv or json, or read over Iceberg");
    workspace.startEngine();
    String query = sql.equals("-") ? console().standardInput() : sql;
    if (console().served().isPresent()) {
      Reader.requireTablesOnly(workspace.engine(), query);
    }
    Snapshots snapshots = new Snapshots(workspace.catalog().environments(), console().zone());
    Snapshot snapshot = at == null ? snapshots.head(environment) : snapshots.at(environment, at);
    Format wanted = json ? Format.JSON : format;
    try (Reader reader = new Reader(workspace, snapshot)) {
      if (wanted == Format.TABLE && output == null) {
        print(reader.query(query, limit, console().cancellation()));
      } else if (wanted == Format.JSON && output == null) {
        Rows rows = reader.query(query, Long.MAX_VALUE, console().cancellation());
        console().out().println(Json.write(RowsJson.of(rows)));
      } else {
        export(workspace, reader, query, wanted);
      }
    }
    return 0;
  }

  private void print(Rows rows) {
    console().out().print(RowsText.of(rows, Integer.MAX_VALUE, ""));
    console()
        .err()
        .println(
            rows.truncated()
                ? "The first %s; see more with --limit, or all with --format csv"
                    .formatted(Texts.count(rows.values().size(), "row"))
                : Texts.count(rows.values().size(), "row"));
  }

  private void export(Workspace workspace, Reader reader, String query, Format wanted)
      throws IOException {
    ExportFormat exported =
        wanted == Format.TABLE ? ExportFormat.CSV : ExportFormat.valueOf(wanted.name());
    if (output != null) {
      Path target = console().folder().resolve(output);
      if (Files.exists(target)) {
        throw new UsageException(
            "Cannot write '%s': it is there already".formatted(output), "Name a new file");
      }
      reader.export(query, target, exported, console().cancellation());
      console().err().println("Wrote '%s'".formatted(output));
      return;
    }
    if (exported == ExportFormat.PARQUET && console().isInteractive()) {
      throw new UsageException(
          "Cannot print Parquet on a terminal", "Add `--output FILE`, or redirect the output");
    }
    Path folder = Files.createDirectories(workspace.stateFolder().resolve("tmp"));
    Path temporary = Files.createTempDirectory(folder, "query").resolve("rows");
    try {
      reader.export(query, temporary, exported, console().cancellation());
      Files.copy(temporary, console().out());
    } finally {
      Files.deleteIfExists(temporary);
      Path parent = temporary.getParent();
      if (parent != null) {
        Files.deleteIfExists(parent);
      }
    }
  }
}
