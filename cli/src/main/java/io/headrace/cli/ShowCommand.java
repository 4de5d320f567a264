package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.project.Project;
import io.headrace.query.Profile;
import io.headrace.query.Profile.ColumnProfile;
import io.headrace.query.Reader;
import io.headrace.query.Snapshots;
import io.headrace.server.json.Json;
import io.headrace.server.json.RejectedRows;
import io.headrace.server.json.ServerJson;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace show}: the tables, or one of them in detail. */
@Command(
    name = "show",
    description =
        "Show the tables of an environment, or one table: schema, versions, lineage, sample, profile.",
    sortOptions = false)
final class ShowCommand extends ProjectCommand {
  private static final int SAMPLE_ROWS = 5;
  private static final int VERSIONS = 5;

  @Parameters(arity = "0..1", paramLabel = "TABLE", description = "The table (default: list all)")
  private @Nullable String table;

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  ShowCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Snapshot snapshot =
        new Snapshots(workspace.catalog().environments(), console().zone()).head(environment);
    if (table == null) {
      list(workspace, snapshot);
      return 0;
    }
    workspace.startEngine();
    Project project = workspace.readProject();
    TreeSet<TableName> known = new TreeSet<>(project.tasks().keySet());
    known.addAll(snapshot.versions().keySet());
    TableName name = TableArgument.find(table, known);
    Graph graph = workspace.buildGraph(project, Map.of());
    if (snapshot.version(name).isEmpty()) {
      console().out().println("%s is not in '%s' yet".formatted(name, environment));
      console().err().println("Run `headrace run` to build it");
      return 1;
    }
    try (Reader reader = new Reader(workspace, snapshot)) {
      if (json) {
        printJson(workspace, reader, graph, name);
      } else {
        print(workspace, reader, graph, name);
      }
    }
    return 0;
  }

  private void list(Workspace workspace, Snapshot snapshot) {
    Map<String, Version> versions =
        workspace.catalog().versions().findAll(snapshot.versions().values());
    List<Object> objects = new ArrayList<>();
    TextTable text = new TextTable("", "lrrll");
    text.row("table", "rows", "size", "version", "built");
    snapshot
        .versions()
        .forEach(
            (name, id) -> {
              Version version = versions.get(id);
              if (version != null) {
                objects.add(ServerJson.of(version));
                text.row(
                    name.toString(),
                    Texts.number(version.rowCount()),
                    Texts.bytes(version.sizeBytes()),
                    Texts.shortId(id),
                    Texts.time(version.createdAt(), console().zone()));
              }
            });
    if (json) {
      console().out().println(Json.write(objects));
    } else if (snapshot.versions().isEmpty()) {
      console()
          .err()
          .println("Nothing is published in '%s' yet. Run `headrace run`".formatted(environment));
    } else {
      console().out().print(text);
    }
  }

  private void print(Workspace workspace, Reader reader, Graph graph, TableName name) {
    Version version = reader.version(name);
    TableData data = reader.bind(name);
    Optional<Node> node = graph.find(name);
    var out = console().out();
    out.println(name + "  " + node.map(n -> n.task().file()).orElse("(no file makes it any more)"));
    node.map(n -> n.task().configuration().description())
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> out.println("  " + text.strip()));
    out.println();
    out.println(
        "%s, %s in %s, version %s"
            .formatted(
                Texts.count(version.rowCount(), "row"),
                Texts.bytes(version.sizeBytes()),
                Texts.count(data.files().size(), "file"),
                Texts.shortId(version.id())));
    if (!data.partitioning().isEmpty()) {
      out.println("partitioned by " + Texts.join(data.partitioning()));
    }
    node.ifPresent(
        n -> {
          out.println("reads    " + orNothing(n.inputs().isEmpty() ? n.globs() : n.inputs()));
          out.println("read by  " + orNothing(graph.dependants(name)));
          rejected(workspace, reader, graph, name)
              .ifPresent(
                  rows ->
                      out.println(
                          "rejects  %s, in %s"
                              .formatted(
                                  Texts.count(rows.rejectedRows(), "row"), rows.rejected())));
        });
    out.println();
    TextTable columns = new TextTable("  ", "llrrll");
    columns.row("column", "type", "nulls", "distinct", "least", "greatest");
    for (ColumnProfile column : Profile.of(reader, name, console().cancellation())) {
      columns.row(
          column.name(),
          column.type(),
          Texts.number(column.nulls()),
          "~" + Texts.number(column.distinct()),
          cut(column.least()),
          cut(column.greatest()));
    }
    out.print(columns);
    out.println();
    String sample = "SELECT * FROM " + SqlNames.quote(name);
    out.print(
        RowsText.of(
            reader.query(sample, SAMPLE_ROWS, console().cancellation()), SAMPLE_ROWS, "  "));
    out.println();
    TextTable versions = new TextTable("  ", "lrll");
    for (Version past : workspace.catalog().versions().history(name.toString(), VERSIONS)) {
      versions.row(
          Texts.shortId(past.id()),
          Texts.count(past.rowCount(), "row"),
          Texts.time(past.createdAt(), console().zone()),
          past.id().equals(version.id()) ? "in '%s'".formatted(environment) : "");
    }
    out.println("versions");
    out.print(versions);
  }

  private static Optional<RejectedRows> rejected(
      Workspace workspace, Reader reader, Graph graph, TableName name) {
    return Optional.ofNullable(
        RejectedRows.of(reader.snapshot().versions(), graph, workspace.catalog().versions())
            .get(name));
  }

  private void printJson(Workspace workspace, Reader reader, Graph graph, TableName name) {
    Version version = reader.version(name);
    List<Object> columns = new ArrayList<>();
    List<ColumnProfile> profile = Profile.of(reader, name, console().cancellation());
    List<Column> schema = reader.bind(name).schema().columns();
    for (int i = 0; i < schema.size(); i++) {
      ColumnProfile column = profile.get(i);
      columns.add(
          Json.object(
              "name",
              column.name(),
              "id",
              schema.get(i).id(),
              "type",
              column.type(),
              "nulls",
              column.nulls(),
              "distinct",
              column.distinct(),
              "least",
              column.least(),
              "greatest",
              column.greatest()));
    }
    Map<String, @Nullable Object> object = ServerJson.of(version);
    object.put("columns", columns);
    object.put("reads", graph.find(name).<Object>map(Node::inputs).orElse(List.of()));
    object.put("read_by", graph.dependants(name));
    object.put(
        "rejected_rows", rejected(workspace, reader, graph, name).map(RejectedRows::rejectedRows));
    object.put(
        "versions",
        workspace.catalog().versions().history(name.toString(), VERSIONS).stream()
            .map(Version::id)
            .toList());
    console().out().println(Json.write(object));
  }

  private static String orNothing(java.util.Collection<?> names) {
    return names.isEmpty() ? "nothing" : Texts.join(names);
  }

  private static String cut(String text) {
    return text.length() > 26 ? text.substring(0, 23) + "..." : text;
  }
}
