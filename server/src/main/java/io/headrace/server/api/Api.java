package io.headrace.server.api;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Commit;
import io.headrace.catalog.Environments;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of the API, but for those about runs and schedules. */
public final class Api {
  /** Before all paths. */
  public static final String ROOT = "/api/v1";

  static final String PROJECT = ROOT + "/projects/{project}";
  private static final int MOST_LISTED = 1_000;

  private final Projects projects;

  private Api(Projects projects) {
    this.projects = projects;
  }

  /** All routes of the API. */
  public static List<Route> routes(Projects projects) {
    Api api = new Api(projects);
    List<Route> routes = new ArrayList<>();
    routes.add(get(ROOT + "/projects", "The projects that are served", api::projects));
    routes.add(get(PROJECT + "/environments", "The environments", api::environments));
    routes.add(
        get(
            PROJECT + "/environments/{environment}/commits",
            "The commits of an environment, newest first",
            api::commits));
    routes.addAll(new RunRoutes(projects).routes());
    routes.addAll(new ScheduleRoutes(projects).routes());
    return routes;
  }

  static Route get(String path, String summary, Handler handler) {
    return new Route(HandlerType.GET, path, summary, handler);
  }

  static Route post(String path, String summary, Handler handler) {
    return new Route(HandlerType.POST, path, summary, handler);
  }

  /** Answers with a value as JSON. */
  static void answer(Context context, @Nullable Object value) {
    context.contentType("application/json").result(Json.write(value));
  }

  /** How many elements of a list are asked for. */
  static int limit(Context context, int usual) {
    int limit = context.queryParamAsClass("limit", Integer.class).getOrDefault(usual);
    return Math.max(1, Math.min(limit, MOST_LISTED));
  }

  private void projects(Context context) {
    answer(
        context,
        projects.all().stream()
            .map(
                project ->
                    Json.object("project", project.name(), "folder", project.workspace().root()))
            .toList());
  }

  private void environments(Context context) {
    Environments environments = catalog(context).environments();
    answer(context, environments.list().stream().map(ServerJson::of).toList());
  }

  private void commits(Context context) {
    Environments environments = catalog(context).environments();
    List<Object> commits = new ArrayList<>();
    for (Commit commit : environments.log(context.pathParam("environment"), limit(context, 20))) {
      commits.add(ServerJson.of(commit, environments.changes(commit.id()).size()));
    }
    answer(context, commits);
  }

  private Catalog catalog(Context context) {
    ServedProject project = projects.of(context);
    return project.workspace().catalog();
  }
}
