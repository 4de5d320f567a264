package io.headrace.server.access;

import io.headrace.access.Rights;
import io.headrace.access.Role;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs.Run;
import io.headrace.error.HeadraceException;
import io.headrace.schedule.Schedule;
import io.headrace.server.json.JsonReader;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds what a route needs against the rights of who asks for it. */
record Requirements(Projects projects, Context context) {

  /**
   * Returns if he is all that the route needs.
   *
   * @throws HttpResponseException 404 if he may not know of it, 403 if he may not do it
   */
  void require(Route route, Visitor visitor) {
    require(route.needs(), route.keys(), visitor);
  }

  /** The same for some needs. */
  void require(List<Need> needs, List<String> keys, Visitor visitor) {
    for (Need need : needs) {
      require(need, keys, visitor.rights());
    }
  }

  private static void requireWhole(ServedProject project, Rights rights) {
    boolean isWhole =
        rights.seesAll(project.name())
            && project.workspace().catalog().environments().list().stream()
                .allMatch(one -> rights.seesAllRows(project.name(), one.name()));
    if (!isWhole) {
      throw new HttpResponseException(
          403,
          "That is for those who see all of the project",
          Map.of("hint", "It could hold what is kept from you"));
    }
  }

  private void require(Need need, List<String> keys, Rights rights) {
    if (need instanceof Need.OnServer server && !rights.may(server.role())) {
      throw forbidden("You may not do that here", server.role(), "of the server");
    } else if (need instanceof Need.OnProject) {
      seen(rights);
    } else if (need instanceof Need.Whole) {
      requireWhole(seen(rights), rights);
    } else if (need instanceof Need.In in) {
      String project = seen(rights).name();
      String environment = environment(in.where(), keys);
      if (!rights.sees(project, environment)) {
        throw hidden(context, in.where(), environment);
      }
      require(in.act(), project, environment, rights);
    } else if (need instanceof Need.Take take) {
      String from = environment(take.from(), keys);
      String to = environment(take.to(), keys);
      requireWhole(seen(rights).name(), from, to, rights);
    }
  }

  /**
   * For an admin filters and masks do not count, also if he is it for some schemas only: in the
   * copy he would see what is kept from him where it comes from.
   */
  private static void requireWhole(String project, String from, String to, Rights rights) {
    boolean isWhole = rights.seesAllTables(project, from);
    boolean isMore = rights.maySome(Role.ADMIN, project, to) && !rights.seesAllRows(project, from);
    if (!isWhole || isMore) {
      throw new HttpResponseException(
          403,
          "You may not take all of '%s', since you do not see all of it".formatted(from),
          Map.of(
              "hint",
              isWhole
                  ? "Ask for the role admin of '%s': as an admin in '%s' you would see there what filters and masks keep from you"
                      .formatted(from, to)
                  : "Ask for the role viewer of '%s', for all schemas".formatted(from)));
    }
  }

  private static void require(Need.Act act, String project, String environment, Rights rights) {
    Role changing = rights.changing(environment);
    boolean isGood =
        switch (act) {
          case SEE -> true;
          case SEE_CODE -> rights.seesAllTables(project, environment);
          case SEE_TEXTS -> rights.seesAllRows(project, environment);
          case RUN -> rights.maySome(changing, project, environment);
          case CHANGE -> rights.may(changing, project, environment);
          case OPERATE -> rights.may(Role.OPERATOR, project, environment);
        };
    if (!isGood) {
      switch (act) {
        case SEE, SEE_CODE, SEE_TEXTS ->
            throw new HttpResponseException(
                403,
                "That is for those who see all of '%s'".formatted(environment),
                Map.of("hint", "It could hold what is kept from you"));
        case RUN, CHANGE, OPERATE ->
            throw forbidden(
                "You may not do that in '%s'".formatted(environment),
                act == Need.Act.OPERATE ? Role.OPERATOR : changing,
                "there");
      }
    }
  }

  private static HttpResponseException forbidden(String message, Role role, String where) {
    return new HttpResponseException(
        403, message, Map.of("hint", "Ask for the role %s %s".formatted(role, where)));
  }

  /** The project that is asked for. */
  ServedProject project() {
    return context.pathParamMap().containsKey("project")
        ? projects.of(context)
        : projects.all().iterator().next();
  }

  private ServedProject seen(Rights rights) {
    List<String> known =
        projects.all().stream().map(ServedProject::name).filter(rights::sees).toList();
    String name =
        context.pathParamMap().getOrDefault("project", projects.all().iterator().next().name());
    if (!known.contains(name)) {
      throw Projects.missing("project", name, known);
    }
    return project();
  }

  /** As if it were not there. */
  private static HttpResponseException hidden(Context context, Where where, String environment) {
    return switch (where.place()) {
      case RUN, SCHEDULE ->
          Projects.missing(where.key(), context.pathParam(where.key()), List.of());
      case PATH, QUERY, BODY, NAMED -> Projects.missing("environment", environment, List.of());
    };
  }

  private String environment(Where where, List<String> keys) {
    return switch (where.place()) {
      case RUN -> environmentOfRun();
      case SCHEDULE -> environmentOfSchedule();
      default -> said(context, where, keys);
    };
  }

  /** The environment that a request says, for the log. */
  static Optional<String> environment(Context context, Route route) {
    for (Need need : route.needs()) {
      if (need instanceof Need.In in) {
        boolean isSaid =
            in.where().place() != Where.Place.RUN && in.where().place() != Where.Place.SCHEDULE;
        try {
          return isSaid ? Optional.of(said(context, in.where(), route.keys())) : Optional.empty();
        } catch (HeadraceException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static String said(Context context, Where where, List<String> keys) {
    Optional<String> text =
        switch (where.place()) {
          case PATH -> Optional.of(context.pathParam(where.key()).replaceFirst("@.*", ""));
          case QUERY -> Optional.ofNullable(context.queryParam(where.key()));
          case BODY -> JsonReader.read(context.body(), keys).text(where.key());
          case NAMED -> Optional.of(where.key());
          case RUN, SCHEDULE -> Optional.empty();
        };
    return text.map(String::strip).filter(t -> !t.isEmpty()).orElse(Environment.MAIN);
  }

  private String environmentOfRun() {
    String id = context.pathParam("run");
    Optional<String> ongoing =
        project().find(id).map(OngoingRun::order).map(order -> order.environment());
    return ongoing
        .or(() -> project().workspace().catalog().runs().find(id).map(Run::environment))
        .orElseThrow(() -> Projects.missing("run", id, List.of()));
  }

  private String environmentOfSchedule() {
    String name = context.pathParam("schedule");
    return Optional.ofNullable(project().workspace().readSettings().schedules().get(name))
        .map(Schedule::environment)
        .orElseThrow(() -> Projects.missing("schedule", name, List.of()));
  }
}
