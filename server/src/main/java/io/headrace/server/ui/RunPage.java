package io.headrace.server.ui;

import io.headrace.catalog.Runs;
import io.headrace.error.HeadraceException;
import io.headrace.export.ExportOutcome;
import io.headrace.server.json.RunJson;
import io.headrace.server.route.Projects;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.text.Figures;
import io.headrace.server.ui.Frame.Crumb;
import io.headrace.server.ui.RunTasks.Progress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run: what it does while it goes on, and what it did. */
public final class RunPage {
  /** Tasks that are shown; what was reused is only counted. */
  private static final int MOST_TASKS = 500;

  /** The timeline, in units of its drawing. */
  private static final int WIDTH = 1000;

  /**
   * What the page shows.
   *
   * @param isLive whether this server carries it out and can tell of it, and stop it
   * @param mayCancel whether who looks may stop it
   * @param isRunning whether it goes on
   * @param failure why it could not begin or publish, or empty
   * @param checks what checks say that do not hold
   * @param exports what it delivered
   * @param left how many tasks are not shown
   */
  public record One(
      RunRow run,
      String api,
      String part,
      boolean isLive,
      boolean mayCancel,
      boolean isRunning,
      String failure,
      String hint,
      String counts,
      List<Bar> bars,
      List<Failed> checks,
      List<String> exports,
      int left,
      String span) {}

  /**
   * A task.
   *
   * @param log where what was written down of it is, or empty
   * @param from where its bar begins
   * @param width of its bar; 0 if it has none
   */
  public record Bar(
      String table,
      String url,
      String log,
      String outcome,
      String rows,
      String size,
      String duration,
      String message,
      int from,
      int width) {}

  /** A check that does not hold. */
  public record Failed(String message, String severity, String log) {}

  /** What was written down of a task. */
  public record Log(String name, String run, String runUrl, String text) {}

  void show(Visit visit) throws InterruptedException {
    One page = page(visit);
    visit.render(
        "run",
        visit.frame(
            "runs",
            "Run " + page.run().id(),
            visit.crumbs(
                new Crumb("Runs", Links.project(visit.project()) + "/runs"),
                new Crumb(page.run().id(), "")),
            ""),
        page);
  }

  /** Only what changes while it goes on. */
  void part(Visit visit) throws InterruptedException {
    visit.renderPart("part_run", page(visit));
  }

  void log(Visit visit) throws IOException {
    String id = require(visit);
    String name = visit.context().pathParam("name");
    String text = new TaskLogs(visit.workspace().stateFolder(), id).text(name);
    String url = Links.run(visit.project(), id);
    visit.render(
        "log",
        visit.frame(
            "runs",
            name + " in run " + id,
            visit.crumbs(
                new Crumb("Runs", Links.project(visit.project()) + "/runs"),
                new Crumb(id, url),
                new Crumb(name, "")),
            ""),
        new Log(name, id, url, text));
  }

  /** The run that the address names, or 404. */
  private static String require(Visit visit) {
    String id = visit.context().pathParam("run");
    if (ongoing(visit, id).isEmpty() && visit.catalog().runs().find(id).isEmpty()) {
      throw Projects.missing(
          "run", id, visit.catalog().runs().list(20).stream().map(Runs.Run::id).toList());
    }
    return id;
  }

  private static Optional<OngoingRun> ongoing(Visit visit, String id) {
    return visit.served().find(id).filter(visit.sight()::sees);
  }

  private static One page(Visit visit) throws InterruptedException {
    String id = require(visit);
    Optional<OngoingRun> ongoing = ongoing(visit, id);
    Optional<Runs.Run> recorded = visit.catalog().runs().find(id);
    boolean isLive = ongoing.filter(run -> !run.isOver()).isPresent();
    boolean isRunning =
        isLive || recorded.filter(run -> run.state() == Runs.State.RUNNING).isPresent();
    RunTasks tasks =
        ongoing.isPresent()
            ? RunTasks.of(ongoing.get().history().after(0, Duration.ZERO))
                .narrow(visit.sight(), ongoing.get().order().environment())
            : RunTasks.recorded(visit.catalog().runs().tasks(id));
    boolean isToldAll =
        visit
            .sight()
            .seesAllRows(
                recorded
                    .map(Runs.Run::environment)
                    .orElseGet(() -> ongoing.orElseThrow().order().environment()));
    Instant began = recorded.map(Runs.Run::startedAt).orElseGet(() -> began(ongoing));
    Instant end = isRunning ? visit.now() : end(ongoing, recorded).orElse(visit.now());
    TaskLogs logs = new TaskLogs(visit.workspace().stateFolder(), id);
    List<Progress> shown = tasks.shown();
    List<Bar> bars =
        shown.stream()
            .limit(MOST_TASKS)
            .map(task -> bar(visit, logs, id, task, began, end, isToldAll))
            .sorted((a, b) -> Integer.compare(a.from(), b.from()))
            .toList();
    return new One(
        recorded
            .map(run -> RunRow.of(visit, run))
            .orElseGet(() -> RunsPage.row(visit, ongoing.orElseThrow())),
        Links.api(visit.project()) + "/runs/" + Links.encode(id),
        Links.run(visit.project(), id) + "/tasks",
        isLive,
        ongoing.filter(visit.sight()::mayCancel).isPresent(),
        isRunning,
        failure(ongoing, isToldAll).map(e -> String.valueOf(e.getMessage())).orElse(""),
        failure(ongoing, isToldAll).map(e -> e.hint()).orElse(""),
        tasks.counts(),
        bars,
        tasks.failedChecks().stream()
            .map(
                check ->
                    new Failed(
                        check.message(),
                        check.check().severity().name().toLowerCase(Locale.ROOT),
                        Links.log(
                            visit.project(),
                            id,
                            check
                                .check()
                                .table()
                                .map(Object::toString)
                                .orElse(check.check().name().replace('/', '.')))))
            .toList(),
        ongoing.filter(run -> isToldAll).map(OngoingRun::exports).orElse(List.of()).stream()
            .map(RunPage::export)
            .toList(),
        Math.max(0, shown.size() - MOST_TASKS),
        Figures.duration(Duration.between(began, end)));
  }

  private static Optional<HeadraceException> failure(
      Optional<OngoingRun> ongoing, boolean isToldAll) {
    return ongoing.filter(run -> isToldAll).flatMap(OngoingRun::failure);
  }

  private static String export(ExportOutcome outcome) {
    String rows = Figures.count(outcome.rows(), "row");
    String why = outcome.message().isEmpty() ? rows : outcome.message();
    return "%s %s: %s".formatted(outcome.kind(), outcome.export().name(), why);
  }

  private static Instant began(Optional<OngoingRun> ongoing) {
    return ongoing.orElseThrow().startedAt();
  }

  private static Optional<Instant> end(Optional<OngoingRun> ongoing, Optional<Runs.Run> recorded) {
    return recorded
        .flatMap(Runs.Run::finishedAt)
        .or(
            () ->
                ongoing.flatMap(run -> run.result().map(r -> run.startedAt().plus(r.duration()))));
  }

  private static Bar bar(
      Visit visit,
      TaskLogs logs,
      String run,
      Progress task,
      Instant began,
      Instant end,
      boolean isToldAll) {
    Optional<Instant> start = logs.start(task.name());
    Instant stop = start.flatMap(from -> task.duration().map(from::plus)).orElse(end);
    double span = Math.max(1, Duration.between(began, end).toMillis());
    int from = start.map(s -> place(Duration.between(began, s).toMillis() / span)).orElse(WIDTH);
    int to = start.isPresent() ? place(Duration.between(began, stop).toMillis() / span) : from;
    return new Bar(
        task.name(),
        Links.in(
            Links.project(visit.project()) + "/tables/" + Links.encode(task.name()),
            visit.environment()),
        start.isPresent() && isToldAll ? Links.log(visit.project(), run, task.name()) : "",
        task.outcome(),
        task.rows(),
        task.size(),
        RunRow.duration(task.duration()),
        task.message(),
        from,
        start.isPresent() ? Math.max(4, to - from) : 0);
  }

  private static int place(double share) {
    return (int) Math.round(Math.max(0, Math.min(1, share)) * WIDTH);
  }

  /** The word for how a run stands that this server carries out. */
  static String state(OngoingRun run) {
    if (run.failure().isPresent()) {
      return "failed";
    }
    return run.result().map(RunJson::state).orElse("running");
  }
}
