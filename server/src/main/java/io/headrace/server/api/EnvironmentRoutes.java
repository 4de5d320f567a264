package io.headrace.server.api;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Snapshot;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.publish.Promotion;
import io.headrace.publish.Rollback;
import io.headrace.query.Snapshots;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Need;
import io.headrace.server.route.Need.Act;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.ServedProject;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Environments: their commits, and what moves their pointers without building anything. */
final class EnvironmentRoutes {
  private static final String ALL = Api.PROJECT + "/environments";
  private static final String ONE = ALL + "/{environment}";

  private static final Where HERE = Where.path("environment");

  private static final List<String> CREATE_KEYS = List.of("name", "from", "at");
  private static final List<String> PROMOTE_KEYS = List.of("to", "message");
  private static final List<String> ROLLBACK_KEYS = List.of("to", "table");

  private final Projects projects;

  EnvironmentRoutes(Projects projects) {
    this.projects = projects;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "The environments", this::list).needs(new Need.OnProject()),
        Route.post(ALL, "Creates an environment with the pointers of another", this::create)
            .keys(CREATE_KEYS)
            .needs(
                Need.in(Act.CHANGE, Where.body("name")),
                Need.see(Where.body("from")),
                new Need.Take(Where.body("from"), Where.body("name"))),
        Route.delete(ONE, "Deletes an environment and its history", this::delete)
            .needs(Need.in(Act.CHANGE, HERE)),
        Route.get(ONE + "/commits", "The commits of an environment, newest first", this::commits)
            .query("limit")
            .needs(Need.see(HERE)),
        Route.post(ONE + "/promote", "Moves another's pointers to where these are", this::promote)
            .keys(PROMOTE_KEYS)
            .needs(
                Need.see(HERE),
                Need.in(Act.CHANGE, Where.body("to")),
                new Need.Take(HERE, Where.body("to"))),
        Route.post(ONE + "/rollback", "Moves the pointers back to a commit", this::rollback)
            .keys(ROLLBACK_KEYS)
            .needs(Need.in(Act.CHANGE, HERE)));
  }

  private void list(Context context) {
    Environments environments = seen(context);
    List<Object> all = new ArrayList<>();
    for (Environment environment : environments.list()) {
      int tables = environments.head(environment.name()).versions().size();
      all.add(ServerJson.of(environment, tables));
    }
    Api.answer(context, all);
  }

  private void create(Context context) {
    Workspace workspace = workspace(context);
    JsonReader wanted = JsonReader.read(context.body(), CREATE_KEYS);
    Snapshots snapshots = new Snapshots(workspace.catalog().environments(), ZoneOffset.UTC);
    String from = wanted.text("from").orElse(Environment.MAIN);
    new Snapshots(seen(context), ZoneOffset.UTC).require(from);
    Snapshot start =
        wanted.text("at").map(at -> snapshots.at(from, at)).orElseGet(() -> snapshots.head(from));
    Environment created =
        workspace
            .catalog()
            .environments()
            .create(
                wanted.text("name").orElse(""), Optional.of(start), workspace.clock().instant());
    context.status(HttpStatus.CREATED);
    Api.answer(context, ServerJson.of(created, start.versions().size()));
  }

  private void delete(Context context) {
    Workspace workspace = workspace(context);
    workspace.catalog().environments().delete(environment(context));
    context.status(HttpStatus.NO_CONTENT);
  }

  private void commits(Context context) {
    Environments environments = seen(context);
    List<Object> commits = new ArrayList<>();
    for (Commit commit : environments.log(environment(context), Api.limit(context, 20))) {
      commits.add(ServerJson.of(commit, environments.changes(commit.id()).size()));
    }
    Api.answer(context, commits);
  }

  private void promote(Context context) {
    Workspace workspace = workspace(context);
    JsonReader wanted = JsonReader.read(context.body(), PROMOTE_KEYS);
    String to = wanted.text("to").orElse(Environment.MAIN);
    String from = environment(context);
    new Snapshots(seen(context), ZoneOffset.UTC).require(to);
    Promotion.Promoted promoted =
        new Promotion(workspace.catalog())
            .promote(
                from,
                to,
                Api.author(context),
                wanted.text("message").orElse(""),
                workspace.clock().instant());
    Api.answer(
        context,
        Json.object(
            "commit", promoted.commit(),
            "tables", promoted.changes().keySet(),
            "exports", exports(context, to)));
  }

  private void rollback(Context context) {
    Workspace workspace = workspace(context);
    JsonReader wanted = JsonReader.read(context.body(), ROLLBACK_KEYS);
    Rollback.RolledBack done =
        new Rollback(workspace.catalog())
            .rollback(
                environment(context),
                Api.number("to", wanted.text("to")),
                wanted.text("table").map(table -> with(workspace, table)).orElse(Set.of()),
                Api.author(context),
                workspace.clock().instant());
    Api.answer(
        context,
        Json.object(
            "commit", done.commit(),
            "to", done.to(),
            "tables", done.changes().keySet(),
            "exports", exports(context, environment(context))));
  }

  /** What the environment points at now is delivered, as after a run. */
  private List<Map<String, @Nullable Object>> exports(Context context, String environment) {
    return projects.of(context).deliver(environment).stream().map(ServerJson::of).toList();
  }

  /** A table and all that reads it. */
  private static Set<TableName> with(Workspace workspace, String table) {
    Graph graph = workspace.buildGraph(workspace.readProject(), Map.of());
    return graph.downstream(graph.withHalves(Selection.of(graph, List.of(table))));
  }

  /** The environment that a path names, or 404. */
  private String environment(Context context) {
    String name = context.pathParam("environment");
    Environments environments = seen(context);
    if (environments.find(name).isEmpty()) {
      throw Projects.missing(
          "environment", name, environments.list().stream().map(Environment::name).toList());
    }
    return name;
  }

  private Environments seen(Context context) {
    return Visitor.of(context).sight(projects.of(context)).environments();
  }

  private Workspace workspace(Context context) {
    ServedProject project = projects.of(context);
    return project.workspace();
  }
}
