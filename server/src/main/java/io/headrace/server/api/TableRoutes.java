package io.headrace.server.api;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session.ResultColumn;
import io.headrace.engine.Session.Rows;
import io.headrace.error.UsageException;
import io.headrace.graph.Graph;
import io.headrace.query.Profile;
import io.headrace.query.Profile.ColumnProfile;
import io.headrace.query.Reader;
import io.headrace.query.Snapshots;
import io.headrace.server.access.Sight;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.ReadLimit;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables as they are after a commit, and queries over them. */
final class TableRoutes {
  private static final long MOST_ROWS = 10_000;
  private static final List<String> QUERY_KEYS = List.of("sql", "environment", "at", "limit");

  private static final Where ASKED = Where.query("environment");

  private final Projects projects;
  private final ReadLimit reading;

  TableRoutes(Projects projects, ReadLimit reading) {
    this.projects = projects;
    this.reading = reading;
  }

  List<Route> routes() {
    return List.of(
        Route.get(Api.PROJECT + "/tables", "The tables of an environment", this::list)
            .query("environment", "at")
            .needs(Need.see(ASKED)),
        Route.get(
                Api.PROJECT + "/tables/{table}",
                "A table: its columns and what is in them, versions, and what reads it",
                this::show)
            .query("environment", "at", "limit")
            .needs(Need.see(ASKED)),
        Route.post(
                Api.PROJECT + "/query",
                "Rows of a query over the tables of one commit; it reads nothing else",
                this::query)
            .keys(QUERY_KEYS)
            .needs(Need.see(Where.body("environment"))));
  }

  private Sight sight(Context context) {
    return Visitor.of(context).sight(projects.of(context));
  }

  private static Snapshot snapshot(Context context, Sight sight) {
    return snapshot(
        sight,
        Optional.ofNullable(context.queryParam("environment")),
        Optional.ofNullable(context.queryParam("at")));
  }

  private static Snapshot snapshot(Sight sight, Optional<String> environment, Optional<String> at) {
    Snapshots snapshots = new Snapshots(sight.environments(), ZoneOffset.UTC);
    String name = environment.orElse(Environment.MAIN);
    return at.map(when -> snapshots.at(name, when)).orElseGet(() -> snapshots.head(name));
  }

  private void list(Context context) {
    Workspace workspace = projects.of(context).workspace();
    Snapshot snapshot = snapshot(context, sight(context));
    Map<String, Version> versions =
        workspace.catalog().versions().findAll(snapshot.versions().values());
    List<Object> tables = new ArrayList<>();
    snapshot
        .versions()
        .forEach(
            (name, id) ->
                Optional.ofNullable(versions.get(id))
                    .ifPresent(version -> tables.add(ServerJson.of(version))));
    Api.answer(context, tables);
  }

  private void show(Context context) {
    Workspace workspace = projects.of(context).workspace();
    Sight sight = sight(context);
    Snapshot snapshot = snapshot(context, sight);
    String wanted = context.pathParam("table");
    TableName name =
        snapshot.versions().keySet().stream()
            .filter(table -> table.toString().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    Projects.missing(
                        "table",
                        wanted,
                        snapshot.versions().keySet().stream().map(TableName::toString).toList()));
    Graph graph =
        sight.narrow(
            workspace.buildGraph(workspace.readProject(), Map.of()), snapshot.environment());
    Cancellation cancel = new Cancellation();
    try (Cancellation.Registration alarm = reading.start(cancel);
        Reader reader = sight.reader(snapshot)) {
      Map<String, @Nullable Object> object = ServerJson.of(reader.version(name));
      List<Object> columns = new ArrayList<>();
      for (ColumnProfile column : Profile.of(reader, name, cancel)) {
        columns.add(ServerJson.of(column));
      }
      object.put("columns", columns);
      object.put("reads", graph.find(name).<Object>map(node -> node.inputs()).orElse(List.of()));
      object.put("read_by", graph.dependants(name));
      object.put(
          "versions",
          sight.versions(name, Api.limit(context, 20)).stream().map(Version::id).toList());
      Api.answer(context, object);
    }
  }

  private void query(Context context) {
    Sight sight = sight(context);
    JsonReader wanted = JsonReader.read(context.body(), QUERY_KEYS);
    String sql =
        wanted
            .text("sql")
            .orElseThrow(() -> new UsageException("There is no query", "Send it as `sql`"));
    long limit = Math.min(Api.number("limit", wanted.text("limit")).orElse(1_000L), MOST_ROWS);
    Snapshot snapshot = snapshot(sight, wanted.text("environment"), wanted.text("at"));
    Cancellation cancel = new Cancellation();
    long start = System.nanoTime();
    try (Cancellation.Registration alarm = reading.start(cancel);
        Reader reader = sight.reader(snapshot)) {
      Rows rows = reader.queryTables(sql, Math.max(1, limit), cancel);
      double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
      Api.answer(
          context,
          Json.object(
              "commit", snapshot.commit(),
              "columns", rows.columns().stream().map(TableRoutes::column).toList(),
              "rows", rows.values(),
              "truncated", rows.truncated(),
              "seconds", seconds));
    }
  }

  private static Map<String, @Nullable Object> column(ResultColumn column) {
    return Json.object("name", column.name(), "type", column.type());
  }
}
