package io.headrace.server.api;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs;
import io.headrace.error.ConflictException;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.run.RunResult;
import io.headrace.server.access.Sight;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import io.headrace.server.json.RunJson;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Need;
import io.headrace.server.route.Need.Act;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Runs: ask for one, watch it, stop it. */
final class RunRoutes {
  private static final List<String> KEYS =
      List.of("environment", "select", "refresh", "forward", "parameters", "publish", "message");

  private final Projects projects;

  RunRoutes(Projects projects) {
    this.projects = projects;
  }

  List<Route> routes() {
    return List.of(
        Route.get(Api.PROJECT + "/runs", "The latest runs, newest first", this::list)
            .query("limit")
            .needs(new Need.OnProject()),
        Route.post(Api.PROJECT + "/runs", "Starts a run, and answers at once", this::start)
            .keys(KEYS)
            .needs(Need.in(Act.RUN, Where.body("environment"))),
        Route.get(Api.PROJECT + "/runs/{run}", "A run and its tasks", this::show)
            .needs(Need.see(Where.run())),
        Route.get(
                Api.PROJECT + "/runs/{run}/events",
                "What happens in a run of this server, as server-sent events",
                this::events)
            .needs(Need.see(Where.run())),
        Route.post(Api.PROJECT + "/runs/{run}/cancel", "Asks a run to stop", this::cancel)
            .needs(Need.in(Act.RUN, Where.run())));
  }

  private void list(Context context) {
    List<Object> runs = new ArrayList<>();
    for (Runs.Run run : sight(context).runs().list(Api.limit(context, 20))) {
      runs.add(ServerJson.of(run));
    }
    Api.answer(context, runs);
  }

  private void start(Context context) {
    ServedProject project = projects.of(context);
    JsonReader wanted = JsonReader.read(context.body(), KEYS);
    String environment = wanted.text("environment").orElse(Environment.MAIN);
    SortedMap<String, String> parameters = wanted.map("parameters");
    Order order =
        new Order(
            environment,
            Selecting.allowed(
                project, sight(context), environment, wanted.texts("select"), parameters),
            wanted.texts("refresh"),
            wanted.texts("forward"),
            parameters,
            wanted.text("publish").filter("ready"::equals).isPresent()
                ? PublishMode.READY
                : PublishMode.ALL,
            Api.author(context),
            wanted.text("message").orElse(""),
            "",
            Optional.empty());
    Optional<String> id = RequestKey.of(context).map(RunRoutes::id);
    Optional<Runs.Run> recorded =
        id.filter(known -> project.find(known).isEmpty())
            .flatMap(project.workspace().catalog().runs()::find);
    if (recorded.filter(run -> !sight(context).sees(run.environment())).isPresent()) {
      throw new ConflictException(
          "The key of this request is that of another run", "Give each request a key of its own");
    }
    if (recorded.isPresent()) {
      Api.answer(context, ServerJson.of(recorded.get()));
      return;
    }
    begun(
        context,
        project,
        id.map(known -> project.start(order, known)).orElseGet(() -> project.start(order)));
  }

  /** The name of the run that a keyed request begins, which outlives this process. */
  private static String id(String key) {
    return "k-" + key;
  }

  private Sight sight(Context context) {
    return Visitor.of(context).sight(projects.of(context));
  }

  /** Answers that a run has begun, and where to look for it. */
  static void begun(Context context, ServedProject project, OngoingRun run) {
    String path = Api.PROJECT.replace("{project}", project.name()) + "/runs/" + run.id();
    context.status(HttpStatus.ACCEPTED).header("Location", path);
    Api.answer(context, of(run, false));
  }

  private void show(Context context) {
    ServedProject project = projects.of(context);
    String id = context.pathParam("run");
    Optional<OngoingRun> ongoing = project.find(id);
    Sight sight = sight(context);
    Optional<Runs.Run> recorded = sight.runs().find(id);
    if (ongoing.isEmpty() && recorded.isEmpty()) {
      throw Projects.missing("run", id, List.of());
    }
    Map<String, @Nullable Object> object =
        recorded.map(ServerJson::of).orElseGet(() -> of(ongoing.orElseThrow(), false));
    ongoing
        .filter(run -> sight.seesAllRows(run.order().environment()))
        .ifPresent(run -> addFailure(run, object));
    List<Object> tasks = new ArrayList<>();
    for (Runs.TaskRun task : sight.runs().tasks(id)) {
      tasks.add(
          Json.object(
              "table", task.table(),
              "outcome", task.outcome(),
              "rows", task.rowCount(),
              "bytes", task.sizeBytes(),
              "seconds", task.duration().toMillis() / 1000.0,
              "message", task.message()));
    }
    object.put("tasks", tasks);
    Api.answer(context, object);
  }

  /**
   * A run.
   *
   * @param isToldAll whether why it failed may be told, which can name anything
   */
  private static Map<String, @Nullable Object> of(OngoingRun run, boolean isToldAll) {
    Map<String, @Nullable Object> object =
        Json.object(
            "run", run.id(),
            "environment", run.order().environment(),
            "state", state(run),
            "started", run.startedAt(),
            "finished", run.result().map(result -> run.startedAt().plus(result.duration())),
            "commit", run.result().flatMap(RunResult::commit),
            "cause", run.order().cause());
    if (isToldAll) {
      addFailure(run, object);
    }
    return object;
  }

  private static void addFailure(OngoingRun run, Map<String, @Nullable Object> object) {
    run.failure()
        .ifPresent(
            failure -> {
              object.put("error", failure.getMessage());
              object.put("hint", failure.hint());
            });
  }

  private static String state(OngoingRun run) {
    if (run.failure().isPresent()) {
      return "failed";
    }
    return run.result().map(RunJson::state).orElse("running");
  }

  private void events(Context context) throws IOException {
    ServedProject project = projects.of(context);
    String id = context.pathParam("run");
    OngoingRun run = project.find(id).orElseThrow(() -> Projects.missing("run", id, List.of()));
    Told told = new Told(sight(context), run.order().environment());
    EventStream.write(
        context,
        run.history(),
        event ->
            told.of(RunJson.of(event))
                .map(less -> new EventStream.Event(String.valueOf(less.get("event")), less)),
        () -> of(run, told.isAll()));
  }

  private void cancel(Context context) {
    ServedProject project = projects.of(context);
    String id = context.pathParam("run");
    OngoingRun run = project.find(id).orElseThrow(() -> Projects.missing("run", id, List.of()));
    if (!sight(context).mayCancel(run)) {
      throw new HttpResponseException(403, "That run is not yours", Map.of());
    }
    run.cancel("cancelled");
    context.status(HttpStatus.ACCEPTED);
    Api.answer(context, of(run, false));
  }
}
