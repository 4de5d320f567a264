package io.headrace.cli;

import io.headrace.engine.Session.ColumnReference;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.graph.Graph;
import io.headrace.lineage.Lineage;
import io.headrace.plan.Schemas;
import io.headrace.project.Project;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace lineage}: what a table or a column is computed from. */
@Command(
    name = "lineage",
    description = "Show what a table, or one of its columns, is computed from and what reads it.",
    sortOptions = false)
final class LineageCommand extends ProjectCommand {
  @Parameters(paramLabel = "TABLE[.COLUMN]", description = "The table or column")
  private String subject = "";

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  LineageCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    workspace.startEngine();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, Map.of());
    try (Schemas schemas = new Schemas(workspace, graph)) {
      Lineage lineage = new Lineage(workspace, graph, schemas);
      boolean isTable = graph.nodes().keySet().stream().anyMatch(t -> t.toString().equals(subject));
      int dot = subject.lastIndexOf('.');
      if (isTable || dot < 0) {
        TableName table = TableArgument.find(subject, graph.nodes().keySet());
        printTable(graph, table, lineage.columns(table));
      } else {
        TableName table = TableArgument.find(subject.substring(0, dot), graph.nodes().keySet());
        printColumn(lineage, table, subject.substring(dot + 1));
      }
    }
    return 0;
  }

  private void printTable(
      Graph graph, TableName table, SortedMap<String, Set<ColumnReference>> columns) {
    Set<TableName> upstream = graph.upstream(List.of(table));
    Set<TableName> downstream = graph.downstream(List.of(table));
    upstream.remove(table);
    downstream.remove(table);
    if (json) {
      Map<String, @org.jspecify.annotations.Nullable Object> byColumn = Json.object();
      columns.forEach((name, from) -> byColumn.put(name, names(from)));
      console()
          .out()
          .println(
              Json.write(
                  Json.object(
                      "table",
                      table,
                      "upstream",
                      upstream,
                      "downstream",
                      downstream,
                      "columns",
                      byColumn)));
      return;
    }
    console().out().println(table.toString());
    console().out().println("  from  " + (upstream.isEmpty() ? "nothing" : Texts.join(upstream)));
    console()
        .out()
        .println("  to    " + (downstream.isEmpty() ? "nothing" : Texts.join(downstream)));
    console().out().println();
    TextTable text = new TextTable("  ", "ll");
    columns.forEach(
        (name, from) -> text.row(name, from.isEmpty() ? "" : "<- " + Texts.join(names(from))));
    console().out().print(text);
  }

  private void printColumn(Lineage lineage, TableName table, String column) {
    Set<String> known = lineage.columns(table).keySet();
    if (!known.contains(column)) {
      throw new UsageException(
          "Unknown column '%s' of '%s'".formatted(column, table),
          NearestWord.hint(column, known, "Columns: " + Texts.join(known)));
    }
    List<Lineage.Step> steps = lineage.trace(table, column);
    if (json) {
      List<Object> objects = new ArrayList<>();
      for (Lineage.Step step : steps) {
        objects.add(
            Json.object("column", step.table() + "." + step.column(), "from", names(step.from())));
      }
      console().out().println(Json.write(objects));
      return;
    }
    for (Lineage.Step step : steps) {
      String arrow = step.depth() == 0 ? "" : "<- ";
      console()
          .out()
          .println("  ".repeat(step.depth()) + arrow + step.table() + "." + step.column());
    }
  }

  private static List<String> names(Set<ColumnReference> columns) {
    return columns.stream().map(c -> c.table() + "." + c.column()).sorted().toList();
  }
}
