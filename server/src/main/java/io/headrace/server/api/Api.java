package io.headrace.server.api;

import io.headrace.access.Rights;
import io.headrace.error.UsageException;
import io.headrace.server.access.Visitor;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.json.Json;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes of the API. */
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
  public static List<Route> routes(Projects projects, CommandDesk commands) {
    return routes(projects, commands, List.of());
  }

  /**
   * All routes of the API.
   *
   * @param others that belong to it
   */
  public static List<Route> routes(Projects projects, CommandDesk commands, List<Route> others) {
    Api api = new Api(projects);
    List<Route> routes = new ArrayList<>();
    routes.add(
        Route.get(ROOT + "/projects", "The projects that are served", api::projects)
            .needs(new Need.Known()));
    routes.addAll(new EnvironmentRoutes(projects).routes());
    routes.addAll(new TableRoutes(projects, commands.reading()).routes());
    routes.addAll(new RunRoutes(projects).routes());
    routes.addAll(new ScheduleRoutes(projects).routes());
    routes.addAll(new TopicRoutes(projects).routes());
    routes.addAll(new CommandRoutes(projects, commands).routes());
    routes.addAll(others);
    routes.add(
        Route.get(
                ROOT + "/openapi.json",
                "This description, as an OpenAPI document",
                context -> answer(context, OpenApi.of(routes)))
            .needs(new Need.Known()));
    return routes;
  }

  /** Answers with a value as JSON. */
  static void answer(Context context, @Nullable Object value) {
    context.contentType("application/json").result(Json.write(value));
  }

  /**
   * A parameter that is a whole number.
   *
   * @throws UsageException if it is something else
   */
  static Optional<Long> number(String name, Optional<String> text) {
    try {
      return text.map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "Invalid value '%s' for '%s'".formatted(text.orElse(""), name), "Give a whole number");
    }
  }

  /** How many elements of a list are asked for. */
  static int limit(Context context, int usual) {
    long limit =
        number("limit", Optional.ofNullable(context.queryParam("limit"))).orElse((long) usual);
    return Math.toIntExact(Math.max(1, Math.min(limit, MOST_LISTED)));
  }

  /** Who publishes what a request publishes. */
  static String author(Context context) {
    return Visitor.of(context).name();
  }

  private void projects(Context context) {
    Rights rights = Visitor.of(context).rights();
    answer(
        context,
        projects.all().stream()
            .filter(project -> rights.sees(project.name()))
            .map(
                project ->
                    Json.object("project", project.name(), "folder", project.workspace().root()))
            .toList());
  }
}
