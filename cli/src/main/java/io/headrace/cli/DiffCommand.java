package io.headrace.cli;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.diff.Differ;
import io.headrace.diff.Differ.TableDiff;
import io.headrace.engine.Session.Rows;
import io.headrace.error.UsageException;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace diff}: what differs between two environments, commits or versions. */
@Command(
    name = "diff",
    description =
        "Show what differs between two environments, commits or versions: tables, columns, row counts, rows.",
    sortOptions = false)
final class DiffCommand extends ProjectCommand {
  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "An environment, a commit number, or a version")
  private String left = "";

  @Parameters(index = "1", paramLabel = "B", description = "What to compare it with")
  private String right = "";

  @Option(names = "--table", paramLabel = "TABLE", description = "Only this table, with its rows")
  private @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns that name a row, to sort by")
  private List<String> key = new ArrayList<>();

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Most rows shown for a table (default: 20)")
  private long rows = 20;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  DiffCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Differ differ = new Differ(workspace);
    List<TableDiff> differences = differences(workspace, differ);
    List<Object> objects = new ArrayList<>();
    for (TableDiff difference : differences) {
      if (json) {
        objects.add(object(differ, difference));
      } else {
        print(differ, difference, table != null || differences.size() == 1);
      }
    }
    if (json) {
      console().out().println(Json.write(objects));
    } else if (differences.isEmpty()) {
      console().out().println("No differences");
    }
    return 0;
  }

  private List<TableDiff> differences(Workspace workspace, Differ differ) {
    Snapshots snapshots = new Snapshots(workspace.catalog().environments(), console().zone());
    Optional<Snapshot> a = snapshots.find(left);
    Optional<Snapshot> b = snapshots.find(right);
    if (a.isPresent() && b.isPresent()) {
      return differ.tables(a.get(), b.get()).stream()
          .filter(difference -> table == null || difference.table().toString().equals(table))
          .toList();
    }
    if (a.isPresent() || b.isPresent()) {
      throw unknown(a.isPresent() ? right : left, 0);
    }
    Version before = version(workspace, left);
    Version after = version(workspace, right);
    TableName name = after.table();
    return before.id().equals(after.id())
        ? List.of()
        : List.of(new TableDiff(name, Optional.of(before), Optional.of(after)));
  }

  private static Version version(Workspace workspace, String text) {
    List<Version> found =
        text.length() < 4
            ? List.of()
            : workspace.catalog().versions().all().stream()
                .filter(version -> version.id().startsWith(text))
                .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw unknown(text, found.size());
  }

  private static UsageException unknown(String text, int found) {
    return new UsageException(
        found == 0
            ? "Cannot compare '%s': no environment, commit or version has that name".formatted(text)
            : "Cannot compare '%s': %d versions start so".formatted(text, found),
        "See `headrace env list`, `headrace log` and `headrace show TABLE`");
  }

  private void print(Differ differ, TableDiff difference, boolean withRows) {
    var out = console().out();
    String counts =
        "%s -> %s rows"
            .formatted(
                difference.left().map(v -> Texts.number(v.rowCount())).orElse("no"),
                difference.right().map(v -> Texts.number(v.rowCount())).orElse("no"));
    out.println("  %-8s %s  %s".formatted(difference.kind(), difference.table(), counts));
    if (difference.left().isEmpty() || difference.right().isEmpty()) {
      return;
    }
    differ
        .columns(difference.left().get(), difference.right().get())
        .forEach(change -> out.println("           column " + change));
    if (withRows) {
      Rows changed =
          differ.rows(
              difference.left().get(),
              difference.right().get(),
              key,
              rows,
              console().cancellation());
      out.print(
          changed.values().isEmpty()
              ? "           no row differs in the columns that both have\n"
              : RowsText.of(changed, Integer.MAX_VALUE, "           "));
      if (changed.truncated()) {
        console().err().println("More rows differ; see them with --rows");
      }
    }
  }

  private Object object(Differ differ, TableDiff difference) {
    boolean both = difference.left().isPresent() && difference.right().isPresent();
    return Json.object(
        "table", difference.table(),
        "kind", difference.kind(),
        "left", difference.left().map(version -> (Object) version.id()),
        "right", difference.right().map(version -> (Object) version.id()),
        "left_rows", difference.left().map(version -> (Object) version.rowCount()),
        "right_rows", difference.right().map(version -> (Object) version.rowCount()),
        "columns",
            both ? differ.columns(difference.left().get(), difference.right().get()) : List.of());
  }
}
