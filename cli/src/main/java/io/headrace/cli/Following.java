package io.headrace.cli;

import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.error.ProjectException;
import io.headrace.export.ExportOutcome;
import io.headrace.graph.Graph;
import io.headrace.plan.Plan;
import io.headrace.project.Project;
import io.headrace.run.Follower;
import io.headrace.run.RunEvent;
import io.headrace.run.RunLog;
import io.headrace.run.RunRequest;
import io.headrace.run.RunResult;
import io.headrace.run.Runner;
import io.headrace.run.TaskOutcome;
import io.headrace.run.UndecidedException;
import io.headrace.server.json.Json;
import io.headrace.server.json.RejectedRows;
import io.headrace.server.json.RunJson;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Follows a project, tells of each batch, and asks before it follows other code. */
final class Following implements Follower.Listener {
  /** Java itself leaves out seconds that are zero. */
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Console console;
  private final Workspace workspace;
  private final Map<String, String> parameters;
  private final Function<Graph, RunRequest> requests;
  private final boolean json;
  private final boolean delivers;
  private final RunLog log;
  private final Deliveries deliveries;
  private Cancellation cancel = Cancellation.never();
  private final Map<TableName, Long> rows = new HashMap<>();
  private Optional<RunRequest> decided = Optional.empty();
  private Project project;
  private Graph graph;
  private String lastFailure = "";

  /**
   * @param parameters values that replace the project's
   * @param requests what a run of a graph does
   * @param report says whether to tell programs rather than people, and whether to deliver
   */
  Following(
      Console console,
      Workspace workspace,
      Project project,
      Graph graph,
      Map<String, String> parameters,
      Function<Graph, RunRequest> requests,
      ReportOptions report) {
    this.console = console;
    this.workspace = workspace;
    this.project = project;
    this.graph = graph;
    this.parameters = parameters;
    this.requests = requests;
    this.json = report.json();
    this.delivers = report.exports();
    this.deliveries = new Deliveries(console, workspace, json);
    this.log = new RunLog(workspace.stateFolder().resolve("runs"), workspace.clock());
  }

  /** Follows until that is cancelled. */
  void follow(Duration interval, Cancellation until) {
    cancel = until;
    RunRequest first = requests.apply(graph);
    decided = Optional.of(decide(first));
    remember(first.environment());
    if (!json) {
      console
          .err()
          .println(
              "Following %s for '%s', looking every %s; Ctrl-C ends it"
                  .formatted(
                      Texts.count(first.selected().size(), "table"),
                      first.environment(),
                      Texts.duration(interval)));
    }
    new Follower(workspace, project, graph, new SplittableRandom(), Pause.REAL, interval)
        .follow(current -> decided.orElseGet(() -> requests.apply(current)), this, until);
  }

  /** The request with the answers to what becomes of rows that other code made. */
  private RunRequest decide(RunRequest request) {
    Plan plan = plan(project, graph, request);
    if (plan.undecided().isEmpty()) {
      return request;
    }
    UndecidedException open = new UndecidedException(plan.undecided());
    return new CodeChange(console).ask(open, request).orElseThrow(() -> open);
  }

  private Plan plan(Project of, Graph its, RunRequest request) {
    return new Runner(workspace, of, its, new SplittableRandom(), Pause.REAL).plan(request);
  }

  private void remember(String environment) {
    Versions versions = workspace.catalog().versions();
    for (Version version :
        versions
            .findAll(workspace.catalog().environments().head(environment).versions().values())
            .values()) {
      rows.put(version.table(), version.rowCount());
    }
  }

  @Override
  public void event(RunEvent event) {
    log.accept(event);
    if (json) {
      print(Json.write(RunJson.of(event)));
    } else if (event instanceof RunEvent.TaskRetried || event instanceof RunEvent.Compacted) {
      new Progress(console, false).accept(event);
    }
  }

  private void print(String line) {
    console.out().println(line);
    console.out().flush();
  }

  @Override
  public void batch(RunResult result, SortedMap<TableName, Long> behind) {
    tell(result, behind);
    if (delivers && (result.isGood() || result.commit().isPresent())) {
      List<ExportOutcome> unused = deliveries.afterRun(project, result.environment(), cancel);
    }
  }

  private void tell(RunResult result, SortedMap<TableName, Long> behind) {
    SortedMap<TableName, RejectedRows> rejected =
        RejectedRows.of(result, graph, workspace.catalog().versions());
    if (json) {
      Map<String, @Nullable Object> summary = RunJson.summary(result, rejected);
      summary.put("behind", behind.isEmpty() ? null : sum(behind));
      summary.put("behind_by_table", behind);
      print(Json.write(summary));
      return;
    }
    if (!result.isGood()) {
      List<TaskOutcome> failed = result.tasks(TaskOutcome.Kind.FAILED);
      String what = Texts.join(failed.stream().map(task -> task.table().toString()).toList());
      tellFailure(
          what,
          failed.stream().map(TaskOutcome::message).toList().toString(),
          () -> new RunSummary(console, project, graph, "run").print(result, rejected));
      return;
    }
    lastFailure = "";
    long arrived = 0;
    List<TaskOutcome> built = result.tasks(TaskOutcome.Kind.BUILT);
    for (TaskOutcome task : built) {
      long before = Optional.ofNullable(rows.put(task.table(), task.rowCount())).orElse(0L);
      boolean isSource = graph.find(task.table()).filter(n -> n.inputs().isEmpty()).isPresent();
      arrived += isSource ? Math.max(0, task.rowCount() - before) : 0;
    }
    double seconds = Math.max(1, result.duration().toMillis()) / 1000.0;
    print(
        String.format(
            Locale.ROOT,
            "  %s  %-12s %14s  %10s  %8s  %s%s",
            time(),
            result.commit().map(commit -> "commit " + commit).orElse("no change"),
            "+" + Texts.count(arrived, "row"),
            Texts.count(built.size(), "table"),
            Texts.duration(result.duration()),
            "%s/s".formatted(Texts.count((long) (arrived / seconds), "row")),
            behind.isEmpty() ? "" : ", " + Texts.count(sum(behind), "row") + " behind"));
    rejected.forEach(
        (table, rows) -> {
          if (built.stream().anyMatch(task -> task.table().equals(rows.rejected()))) {
            Texts.rejected(table, rows).ifPresent(text -> print("            " + text));
          }
        });
  }

  private static long sum(SortedMap<TableName, Long> behind) {
    return behind.values().stream().mapToLong(Long::longValue).sum();
  }

  private String time() {
    return TIME.format(LocalTime.now(console.clock().withZone(console.zone())));
  }

  /** Tells all of a failure once; that it goes on, in a line. */
  private void tellFailure(String what, String message, Runnable all) {
    if (message.equals(lastFailure)) {
      console.err().println("  %s  failed again %s".formatted(time(), what).stripTrailing());
    } else {
      lastFailure = message;
      all.run();
    }
  }

  @Override
  public void failed(HeadraceException failure) {
    String message = String.valueOf(failure.getMessage());
    tellFailure("", message, () -> console.error(message, failure.hint()));
  }

  @Override
  public Optional<Graph> changed(Project now) {
    try {
      Graph next = workspace.buildGraph(now, parameters);
      RunRequest request = requests.apply(next);
      Plan plan = plan(now, next, request);
      PrintStream err = console.err();
      err.println("The project changed.");
      PlanOutput.of(workspace, plan).print(err, false);
      if (!console.isInteractive()) {
        err.println("It is followed as it was: stop and start this to follow it as it is now");
        return Optional.empty();
      }
      err.print("Follow it as it is now? [y/N] ");
      err.flush();
      if (!console.answer().matches("(?i)y|yes")) {
        return Optional.empty();
      }
      Optional<RunRequest> answered =
          plan.undecided().isEmpty()
              ? Optional.of(request)
              : new CodeChange(console).ask(new UndecidedException(plan.undecided()), request);
      if (answered.isEmpty()) {
        return Optional.empty();
      }
      decided = answered;
      project = now;
      graph = next;
      return Optional.of(next);
    } catch (ProjectException e) {
      failed(e);
      return Optional.empty();
    }
  }
}
