package io.headrace.server.ui;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.server.json.RejectedRows;
import io.headrace.server.text.Figures;
import io.headrace.server.ui.Frame.Crumb;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One table: what makes it, what it holds, and how it came to be. What takes longer is a part. */
public final class TablePage {
  private static final int VERSIONS = 20;
  private static final int LONGEST_FILE = 200_000;

  /**
   * What the page shows.
   *
   * @param base its address, below which its parts are
   * @param file what makes it, or empty
   * @param isToldAll whether code may be shown, which can name any table
   * @param mayRun whether it may be built
   * @param facts the rest of what its file says, in words
   * @param rejected how many rows it rejects, and where those are
   */
  public record One(
      String name,
      String base,
      String graph,
      String query,
      String run,
      String runCommand,
      String state,
      String style,
      String meaning,
      String lastRun,
      String lastMessage,
      String description,
      String file,
      boolean isToldAll,
      boolean mayRun,
      List<List<SqlText.Part>> lines,
      List<Fact> facts,
      Optional<Published> published,
      List<Link> reads,
      List<String> files,
      List<Link> readBy,
      Optional<Link> rejected,
      List<CheckLine> checks,
      List<VersionLine> versions) {}

  /** Something that is known, with what it is. */
  public record Fact(String name, String value) {}

  /** A text that leads somewhere. */
  public record Link(String text, String url) {}

  /** The version that the environment shows. */
  public record Published(
      String version, String rows, String size, String files, When built, String run) {}

  /**
   * A check, with what it said of each of the versions.
   *
   * @param now what it says of what is published: {@code holds}, {@code fails} or {@code not asked}
   */
  public record CheckLine(String name, String severity, String at, String now, List<Told> past) {}

  /** What a check said of a version. */
  public record Told(String version, String answer) {}

  /** A version that is there. */
  public record VersionLine(
      String id, String rows, String size, When built, String run, List<String> environments) {}

  void show(Visit visit) throws IOException {
    Snapshot snapshot = visit.head();
    TableName name = visit.table(snapshot);
    Optional<Graph> graph = visit.graph();
    Optional<Node> node = graph.flatMap(g -> g.find(name));
    TableState state = new TableStates(visit.catalog(), graph, snapshot).of(List.of(name)).get(0);
    List<Version> versions = visit.sight().versions(name, VERSIONS);
    boolean isToldAll = visit.sight().seesAllTables(visit.environment());
    String base = Links.project(visit.project()) + "/tables/" + Links.encode(name.toString());
    visit.render(
        "table",
        visit.frameWithChoice(
            "",
            name.toString(),
            visit.crumbs(new Crumb(name.toString(), "")),
            "headrace show " + name),
        new One(
            name.toString(),
            base,
            graphUrl(visit, name),
            Links.with(
                Links.in(Links.project(visit.project()) + "/query", visit.environment()),
                "sql",
                "FROM " + name + " LIMIT 100"),
            Links.api(visit.project()) + "/runs",
            Visit.in("headrace run +" + name, visit.environment()),
            state.kind().text(),
            state.kind().style(),
            state.kind().meaning(),
            state.last().map(last -> Links.run(visit.project(), last.run())).orElse(""),
            state.last().map(TableState.LastTask::message).orElse(""),
            node.map(n -> n.task().configuration().description().strip()).orElse(""),
            node.map(n -> n.task().file()).orElse(""),
            isToldAll,
            visit.sight().mayRun(visit.environment(), name),
            node.filter(n -> isToldAll)
                .map(n -> lines(visit.workspace().root(), n.task()))
                .orElse(List.of()),
            node.filter(n -> isToldAll).map(TablePage::facts).orElse(List.of()),
            state.version().map(version -> published(visit, version)),
            links(visit, node.map(n -> (Collection<TableName>) n.inputs()).orElse(List.of())),
            node.filter(n -> isToldAll).map(Node::globs).orElse(List.of()),
            links(visit, graph.map(g -> g.dependants(name)).orElse(List.of())),
            graph.flatMap(g -> rejected(visit, snapshot, g, name)),
            node.filter(n -> isToldAll)
                .map(n -> checks(visit, n, versions, snapshot))
                .orElse(List.of()),
            versionLines(visit, name, versions)));
  }

  private static String graphUrl(Visit visit, TableName name) {
    return Links.with(
        Links.in(Links.project(visit.project()) + "/graph", visit.environment()),
        "table",
        name.toString());
  }

  private static List<Link> links(Visit visit, Collection<TableName> tables) {
    return tables.stream().map(table -> new Link(table.toString(), visit.tableUrl(table))).toList();
  }

  /** The text of its file, but not that of a data file. */
  private static List<List<SqlText.Part>> lines(Path root, Task task) {
    if (task.body() instanceof Task.Sql sql) {
      return SqlText.sql(sql.text());
    }
    Path file = root.resolve(task.file());
    try {
      return task.body() instanceof Task.Data || Files.size(file) > LONGEST_FILE
          ? List.of()
          : SqlText.plain(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It went away, or is no text: the page has the rest, and a run says what is wrong.
      return List.of();
    }
  }

  private static List<Fact> facts(Node node) {
    Task.Configuration said = node.task().configuration();
    List<Fact> facts = new ArrayList<>();
    if (!said.owner().isEmpty()) {
      facts.add(new Fact("owner", said.owner()));
    }
    if (!said.tags().isEmpty()) {
      facts.add(new Fact("tags", String.join(", ", said.tags())));
    }
    if (!said.partitionBy().isEmpty()) {
      facts.add(
          new Fact(
              "partitioned by",
              String.join(", ", said.partitionBy().stream().map(Object::toString).toList())));
    }
    said.incremental().ifPresent(i -> facts.add(new Fact("incremental", kind(i))));
    node.parameters().forEach((name, value) -> facts.add(new Fact("parameter " + name, value)));
    node.unidentified()
        .forEach(
            clause ->
                facts.add(new Fact("built every time", clause.clause() + ": " + clause.reason())));
    return facts;
  }

  private static String kind(Task.Incremental incremental) {
    return incremental
        .rule()
        .map(rule -> "by key " + String.join(", ", rule.key()))
        .orElse("append");
  }

  private static Published published(Visit visit, Version version) {
    TableData data = visit.workspace().tables().load(version.metadataLocation());
    return new Published(
        Figures.shortId(version.id()),
        Figures.number(version.rowCount()),
        Figures.bytes(version.sizeBytes()),
        Figures.count(data.files().size(), "file"),
        visit.when(version.createdAt()),
        Links.run(visit.project(), version.run()));
  }

  /** How many rows are not in the table but in the one beside it, of whichever of the two it is. */
  private static Optional<Link> rejected(
      Visit visit, Snapshot snapshot, Graph graph, TableName name) {
    SortedMap<TableName, String> both = new TreeMap<>();
    graph
        .withHalves(List.of(name))
        .forEach(table -> snapshot.version(table).ifPresent(id -> both.put(table, id)));
    SortedMap<TableName, RejectedRows> all =
        RejectedRows.of(both, graph, visit.catalog().versions());
    return all.entrySet().stream()
        .filter(entry -> snapshot.version(entry.getValue().rejected()).isPresent())
        .findFirst()
        .map(entry -> rejected(visit, name, entry));
  }

  private static Link rejected(
      Visit visit, TableName name, Map.Entry<TableName, RejectedRows> entry) {
    TableName good = entry.getKey();
    RejectedRows rows = entry.getValue();
    return good.equals(name)
        ? new Link(
            "rejects " + Figures.count(rows.rejectedRows(), "row"), visit.tableUrl(rows.rejected()))
        : new Link("rows that " + good + " rejects", visit.tableUrl(good));
  }

  private static List<CheckLine> checks(
      Visit visit, Node node, List<Version> versions, Snapshot snapshot) {
    Map<CheckNode, Boolean> now =
        TableStates.results(visit.catalog(), node.checks(), snapshot.versions());
    List<Map<CheckNode, Boolean>> past =
        versions.stream()
            .map(
                version ->
                    TableStates.results(
                        visit.catalog(), node.checks(), Map.of(node.name(), version.id())))
            .toList();
    List<CheckLine> lines = new ArrayList<>();
    for (CheckNode check : node.checks()) {
      List<Told> told = new ArrayList<>();
      for (int i = versions.size() - 1; i >= 0; i--) {
        told.add(
            new Told(
                "%s, %s"
                    .formatted(
                        Figures.shortId(versions.get(i).id()),
                        visit.when(versions.get(i).createdAt()).exact()),
                answer(past.get(i), check)));
      }
      lines.add(
          new CheckLine(
              check.check().name(),
              check.check().severity().name().toLowerCase(Locale.ROOT),
              check.check().at().toString(),
              answer(now, check),
              told));
    }
    return lines;
  }

  private static String answer(Map<CheckNode, Boolean> results, CheckNode check) {
    Boolean result = results.get(check);
    return result == null ? "not asked" : result ? "holds" : "fails";
  }

  private static List<VersionLine> versionLines(
      Visit visit, TableName table, List<Version> versions) {
    Map<String, List<String>> seenIn = new HashMap<>();
    for (Environment environment : visit.catalog().environments().list()) {
      visit
          .catalog()
          .environments()
          .head(environment.name())
          .version(table)
          .ifPresent(
              id -> seenIn.computeIfAbsent(id, v -> new ArrayList<>()).add(environment.name()));
    }
    return versions.stream()
        .map(
            version ->
                new VersionLine(
                    Figures.shortId(version.id()),
                    Figures.number(version.rowCount()),
                    Figures.bytes(version.sizeBytes()),
                    visit.when(version.createdAt()),
                    Links.run(visit.project(), version.run()),
                    seenIn.getOrDefault(version.id(), List.of())))
        .toList();
  }
}
