package io.headrace.server.api;

import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.server.access.Sight;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.JsonReader;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Need;
import io.headrace.server.route.Need.Act;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.ServedProject;
import io.headrace.trigger.Asking;
import io.headrace.trigger.Verdict;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Schedules: what they say, how far they have come, and whether they go on. */
final class ScheduleRoutes {
  private static final String SCHEDULE = Api.PROJECT + "/schedules/{schedule}";

  private static final Need SEE = Need.see(Where.schedule());
  private static final Need OPERATE = Need.in(Act.OPERATE, Where.schedule());

  private final Projects projects;

  ScheduleRoutes(Projects projects) {
    this.projects = projects;
  }

  List<Route> routes() {
    return List.of(
        Route.get(Api.PROJECT + "/schedules", "The schedules, and when they are due", this::list)
            .needs(new Need.OnProject()),
        Route.get(SCHEDULE, "A schedule, and when it is due", this::show).needs(SEE),
        Route.get(SCHEDULE + "/ticks", "What became of its ticks, the latest first", this::ticks)
            .query("limit")
            .needs(SEE),
        Route.post(SCHEDULE + "/run", "Runs now what it runs when it is due", this::run)
            .needs(OPERATE),
        Route.post(
                SCHEDULE + "/trigger",
                "Asks for a run; kept until a tick has run it, once for each Idempotency-Key",
                this::trigger)
            .keys(List.of("parameters"))
            .needs(OPERATE),
        Route.post(SCHEDULE + "/pause", "Lets no tick of it be run until it goes on", this::pause)
            .needs(OPERATE),
        Route.post(SCHEDULE + "/resume", "Lets it go on, from now", this::resume).needs(OPERATE));
  }

  private void list(Context context) {
    ServedProject project = projects.of(context);
    List<Object> schedules = new ArrayList<>();
    Map<String, Standing> standings = catalog(project).all();
    for (Schedule schedule : schedules(context, project).values()) {
      Optional<Standing> standing = Optional.ofNullable(standings.get(schedule.name()));
      schedules.add(object(context, project, schedule, standing));
    }
    Api.answer(context, schedules);
  }

  private void show(Context context) {
    ServedProject project = projects.of(context);
    Api.answer(context, object(context, project, find(project, context)));
  }

  private void ticks(Context context) {
    ServedProject project = projects.of(context);
    Schedule schedule = find(project, context);
    List<Tick> ticks = catalog(project).ticks(Optional.of(schedule.name()), Api.limit(context, 20));
    boolean isAll = seesTexts(context, project, schedule);
    Api.answer(context, ticks.stream().map(t -> ServerJson.of(isAll ? t : t.silent())).toList());
  }

  /** Beside its ticks, and not instead of one: that would leave a gap. */
  private void run(Context context) {
    ServedProject project = projects.of(context);
    Schedule schedule = find(project, context);
    Instant now = project.workspace().clock().instant();
    Order order = Order.of(schedule, schedule.parametersAt(now), Api.author(context));
    RunRoutes.begun(context, project, project.start(order));
  }

  private void trigger(Context context) {
    ServedProject project = projects.of(context);
    Schedule schedule = find(project, context);
    JsonReader sent = JsonReader.read(context.body(), List.of("parameters"));
    Request request =
        new Asking(project.workspace())
            .ask(schedule, RequestKey.of(context), sent.map("parameters"), Api.author(context));
    context.status(HttpStatus.ACCEPTED);
    Api.answer(context, ServerJson.of(request));
  }

  private void pause(Context context) {
    ServedProject project = projects.of(context);
    Schedule schedule = find(project, context);
    catalog(project)
        .pause(schedule.name(), Api.author(context), project.workspace().clock().instant());
    Api.answer(context, object(context, project, schedule));
  }

  private void resume(Context context) {
    ServedProject project = projects.of(context);
    Schedule schedule = find(project, context);
    catalog(project).resume(schedule.name(), project.workspace().clock().instant());
    Api.answer(context, object(context, project, schedule));
  }

  private Map<String, @Nullable Object> object(
      Context context, ServedProject project, Schedule schedule) {
    return object(context, project, schedule, catalog(project).find(schedule.name()));
  }

  /** What is told of ticks, and which tables a schedule selects, can name any table. */
  private static boolean seesTexts(Context context, ServedProject project, Schedule schedule) {
    return Visitor.of(context).sight(project).seesAllRows(schedule.environment());
  }

  private Map<String, @Nullable Object> object(
      Context context, ServedProject project, Schedule schedule, Optional<Standing> known) {
    Instant now = project.workspace().clock().instant();
    Standing standing = known.orElseGet(() -> Standing.none(now));
    Verdict verdict = projects.outlook(project).of(schedule, standing, now);
    if (seesTexts(context, project, schedule)) {
      return ServerJson.of(schedule, standing, verdict);
    }
    Map<String, @Nullable Object> less = ServerJson.of(schedule, standing.silent(), verdict);
    less.put("select", List.of());
    less.put("waits", null);
    if (schedule.trigger() instanceof Trigger.OnTables) {
      less.put("trigger", "on: tables");
    }
    return less;
  }

  private static Schedule find(ServedProject project, Context context) {
    String name = context.pathParam("schedule");
    SortedMap<String, Schedule> schedules = schedules(context, project);
    return Optional.ofNullable(schedules.get(name))
        .orElseThrow(() -> Projects.missing("schedule", name, schedules.keySet()));
  }

  private static SortedMap<String, Schedule> schedules(Context context, ServedProject project) {
    Sight sight = Visitor.of(context).sight(project);
    SortedMap<String, Schedule> seen =
        new TreeMap<>(project.workspace().readSettings().schedules());
    seen.values().removeIf(schedule -> !sight.sees(schedule.environment()));
    return seen;
  }

  private static Schedules catalog(ServedProject project) {
    return project.workspace().catalog().schedules();
  }
}
