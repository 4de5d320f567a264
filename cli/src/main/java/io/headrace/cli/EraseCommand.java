package io.headrace.cli;

import io.headrace.catalog.Version;
import io.headrace.engine.CancelledException;
import io.headrace.erase.Erasure;
import io.headrace.erase.Found;
import io.headrace.erase.Found.Affected;
import io.headrace.erase.Found.Derived;
import io.headrace.error.HeadraceException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.query.Reader;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace erase}: take rows out of every version. */
@Command(
    name = "erase",
    description = "Take rows out of every version of tables, in every environment and its history.",
    sortOptions = false)
final class EraseCommand extends LongCommand {
  @Parameters(arity = "1..*", paramLabel = "TABLE", description = "The tables")
  private List<String> selectors = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      required = true,
      description = "Which rows, in SQL, such as \"user_id = 42\"")
  private String condition = "";

  @Option(names = "--yes", description = "Erase without asking")
  private boolean yes;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  EraseCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    try {
      return super.call();
    } catch (CancelledException e) {
      console().err().println("Cancelled: nothing was erased");
      return 130;
    }
  }

  @Override
  int run(Workspace workspace) {
    SortedSet<TableName> known =
        workspace.catalog().versions().all().stream()
            .map(Version::table)
            .collect(Collectors.toCollection(TreeSet::new));
    SortedSet<TableName> tables = new TreeSet<>();
    for (String selector : selectors) {
      tables.add(TableArgument.find(selector, known));
    }
    if (console().served().isPresent()) {
      Reader.requireTablesOnly(workspace.engine(), "SELECT 1 WHERE (" + condition + "\n)");
    }
    Erasure erasure = new Erasure(workspace);
    Found found = erasure.find(tables, condition, cancel());
    if (!json) {
      print(found);
    }
    if (found.affected().isEmpty()) {
      if (json) {
        console().out().println(Json.write(object(found, false, Optional.empty())));
      }
      return 0;
    }
    if (!yes && !isConfirmed(found)) {
      if (json) {
        console().out().println(Json.write(object(found, false, Optional.empty())));
      }
      console().error("Nothing was erased, because nobody confirmed it", "Say so with `--yes`");
      return 1;
    }
    String report = erase(workspace, erasure, found);
    if (json) {
      console().out().println(Json.write(object(found, true, Optional.of(report))));
    } else {
      console().out().println("Erased %s, see %s".formatted(summary(found), report));
      console().err().println();
      console()
          .err()
          .println("hint: The old files are there until `headrace gc`. Then `headrace run`");
    }
    return 0;
  }

  private String erase(Workspace workspace, Erasure erasure, Found found) {
    ErasureReport report =
        ErasureReport.begin(
            workspace, console().user(), found, object(found, true, Optional.empty()));
    try {
      erasure.erase(found, cancel());
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (HeadraceException e) {
      report.discard();
      throw e;
    }
    report.finish();
    return workspace.root().relativize(report.file()).toString();
  }

  private boolean isConfirmed(Found found) {
    if (!console().isInteractive() || json) {
      return false;
    }
    console().err().print("Erase %s for good? [y/N] ".formatted(summary(found)));
    console().err().flush();
    return console().answer().matches("(?i)y|yes");
  }

  private static String summary(Found found) {
    return "%s of %s"
        .formatted(
            Texts.count(found.rows(), "row"), Texts.count(found.affected().size(), "version"));
  }

  private void print(Found found) {
    if (found.affected().isEmpty()) {
      console()
          .out()
          .println("No such rows in %s".formatted(Texts.count(found.seen().size(), "version")));
    }
    TextTable text = new TextTable("  ", "llrl");
    for (Affected affected : found.affected()) {
      text.row(
          affected.version().table().toString(),
          Texts.shortId(affected.version().id()),
          Texts.count(affected.rows(), "row"),
          places(affected));
    }
    console().out().print(text);
    List<String> notes = notes(found);
    if (!notes.isEmpty()) {
      console().out().println("Not erased by this:");
      notes.forEach(note -> console().out().println("  " + note));
    }
  }

  private static String places(Affected affected) {
    List<String> places = new ArrayList<>();
    if (!affected.heads().isEmpty()) {
      places.add("in " + Texts.join(affected.heads()));
    }
    if (!affected.commits().isEmpty()) {
      places.add(
          (affected.commits().size() == 1 ? "of commit " : "of commits ")
              + Texts.join(affected.commits()));
    }
    if (affected.isPinned()) {
      places.add("pinned");
    }
    return places.isEmpty() ? "not published" : String.join(", ", places);
  }

  private static List<String> notes(Found found) {
    List<String> notes = new ArrayList<>();
    for (Derived derived : found.derived()) {
      String rows =
          derived.rows() < 0
              ? "which have other columns"
              : "with " + Texts.count(derived.rows(), "such row");
      notes.add(
          "table %s: %s made from them, %s; name it too, or its history keeps what it has"
              .formatted(derived.table(), Texts.count(derived.versions(), "version"), rows));
    }
    for (TableName input : found.inputs()) {
      notes.add(
          "table %s: they were made from it, and a build would read it again".formatted(input));
    }
    for (String file : found.files()) {
      notes.add("file %s: they come from it, and a build would bring them back".formatted(file));
    }
    for (String thing : found.outside()) {
      notes.add(
          "%s in an outside system: they come from it, and a build may bring them back"
              .formatted(thing));
    }
    for (Version version : found.notSearched()) {
      notes.add(
          "version %s of %s: it has no such column, and was not searched"
              .formatted(Texts.shortId(version.id()), version.table()));
    }
    return notes;
  }

  private static Map<String, @Nullable Object> object(
      Found found, boolean erased, Optional<String> report) {
    List<Object> versions = new ArrayList<>();
    for (Affected affected : found.affected()) {
      versions.add(
          Json.object(
              "table", affected.version().table(),
              "version", affected.version().id(),
              "rows", affected.rows(),
              "environments", affected.heads(),
              "commits", affected.commits(),
              "pinned", affected.isPinned()));
    }
    List<Object> derived = new ArrayList<>();
    for (Derived table : found.derived()) {
      derived.add(
          Json.object(
              "table", table.table(),
              "versions", table.versions(),
              "rows", table.rows() < 0 ? null : table.rows()));
    }
    return Json.object(
        "erased",
        erased,
        "rows",
        found.rows(),
        "versions",
        versions,
        "derived",
        derived,
        "inputs",
        found.inputs(),
        "files",
        found.files(),
        "outside",
        found.outside(),
        "not_searched",
        found.notSearched().stream().map(Version::id).toList(),
        "report",
        report);
  }
}
