package io.headrace.server.api;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.run.RunResult;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import io.headrace.server.json.RunJson;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            .query("limit"),
        Route.post(Api.PROJECT + "/runs", "Starts a run, and answers at once", this::start)
            .keys(KEYS),
        Route.get(Api.PROJECT + "/runs/{run}", "A run and its tasks", this::show),
        Route.get(
            Api.PROJECT + "/runs/{run}/events",
            "What happens in a run of this server, as server-sent events",
            this::events),
        Route.post(Api.PROJECT + "/runs/{run}/cancel", "Asks a run to stop", this::cancel));
  }

  private void list(Context context) {
    ServedProject project = projects.of(context);
    List<Object> runs = new ArrayList<>();
    for (Runs.Run run : project.workspace().catalog().runs().list(Api.limit(context, 20))) {
      runs.add(ServerJson.of(run));
    }
    Api.answer(context, runs);
  }

  private void start(Context context) {
    ServedProject project = projects.of(context);
    JsonReader wanted = JsonReader.read(context.body(), KEYS);
    Order order =
        new Order(
            wanted.text("environment").orElse(Environment.MAIN),
            wanted.texts("select"),
            wanted.texts("refresh"),
            wanted.texts("forward"),
            wanted.map("parameters"),
            wanted.text("publish").filter("ready"::equals).isPresent()
                ? PublishMode.READY
                : PublishMode.ALL,
            Api.AUTHOR,
            wanted.text("message").orElse(""),
            "",
            Optional.empty());
    Optional<String> id = RequestKey.of(context).map(RunRoutes::id);
    Optional<Runs.Run> recorded =
        id.filter(known -> project.find(known).isEmpty())
            .flatMap(project.workspace().catalog().runs()::find);
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

  /** Answers that a run has begun, and where to look for it. */
  static void begun(Context context, ServedProject project, OngoingRun run) {
    String path = Api.PROJECT.replace("{project}", project.name()) + "/runs/" + run.id();
    context.status(HttpStatus.ACCEPTED).header("Location", path);
    Api.answer(context, of(run));
  }

  private void show(Context context) {
    ServedProject project = projects.of(context);
    String id = context.pathParam("run");
    Optional<OngoingRun> ongoing = project.find(id);
    Optional<Runs.Run> recorded = project.workspace().catalog().runs().find(id);
    if (ongoing.isEmpty() && recorded.isEmpty()) {
      throw Projects.missing("run", id, List.of());
    }
    Map<String, @Nullable Object> object =
        recorded.map(ServerJson::of).orElseGet(() -> of(ongoing.orElseThrow()));
    ongoing.ifPresent(run -> addFailure(run, object));
    List<Object> tasks = new ArrayList<>();
    for (Runs.TaskRun task : project.workspace().catalog().runs().tasks(id)) {
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

  private static Map<String, @Nullable Object> of(OngoingRun run) {
    Map<String, @Nullable Object> object =
        Json.object(
            "run", run.id(),
            "environment", run.order().environment(),
            "state", state(run),
            "started", run.startedAt(),
            "finished", run.result().map(result -> run.startedAt().plus(result.duration())),
            "commit", run.result().flatMap(RunResult::commit),
            "cause", run.order().cause());
    addFailure(run, object);
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
    EventStream.write(
        context,
        run.history(),
        event -> {
          Map<String, @Nullable Object> object = RunJson.of(event);
          return new EventStream.Event(String.valueOf(object.get("event")), object);
        },
        () -> of(run));
  }

  private void cancel(Context context) {
    ServedProject project = projects.of(context);
    String id = context.pathParam("run");
    OngoingRun run = project.find(id).orElseThrow(() -> Projects.missing("run", id, List.of()));
    run.cancel("cancelled");
    context.status(HttpStatus.ACCEPTED);
    Api.answer(context, of(run));
  }
}
