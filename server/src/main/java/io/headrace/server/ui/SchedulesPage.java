package io.headrace.server.ui;

import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.project.Settings;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Projects;
import io.headrace.server.ui.Frame.Crumb;
import io.headrace.trigger.Verdict;
import io.headrace.yaml.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The schedules of a project, and each with its ticks. */
public final class SchedulesPage {
  private static final int NEXT = 5;
  private static final int TICKS = 50;

  /**
   * A schedule.
   *
   * @param selects the tables, in words
   * @param waitsFor what it waits for now, and until when, or empty
   * @param next when it is due, as far as that is known
   * @param pausedBy who paused it, or empty
   */
  public record Line(
      String name,
      String url,
      String api,
      String description,
      String trigger,
      String selects,
      String environment,
      boolean mayOperate,
      String pool,
      List<When> next,
      String waitsFor,
      String pausedBy,
      Optional<TickLine> last) {}

  /** What became of a tick. */
  public record TickLine(
      String schedule,
      When due,
      String state,
      String missed,
      String attempt,
      String run,
      String duration,
      String message) {}

  /** All schedules. */
  public record All(List<Line> schedules, List<TickLine> ticks, String message) {}

  /** One of them. */
  public record One(
      Line schedule, List<TickLine> ticks, String parameters, String catchUp, String objective) {}

  void list(Visit visit) {
    ProjectFiles.Reading read = visit.read();
    List<Line> lines =
        read.project().map(project -> lines(visit, project.settings())).orElse(List.of());
    visit.render(
        "schedules",
        visit.frame("schedules", "Schedules", visit.crumbs(new Crumb("Schedules", "")), ""),
        new All(
            lines,
            ticks(visit, Optional.empty()),
            read.project().isEmpty() ? "The project's files cannot be read" : ""));
  }

  void show(Visit visit) {
    String name = visit.context().pathParam("schedule");
    SortedMap<String, Schedule> all =
        new TreeMap<>(
            visit.read().project().map(p -> p.settings().schedules()).orElse(new TreeMap<>()));
    all.values().removeIf(schedule -> !visit.sight().sees(schedule.environment()));
    Schedule schedule =
        Optional.ofNullable(all.get(name))
            .orElseThrow(() -> Projects.missing("schedule", name, all.keySet()));
    String base = Links.project(visit.project()) + "/schedules";
    visit.render(
        "schedule",
        visit.frame(
            "schedules", name, visit.crumbs(new Crumb("Schedules", base), new Crumb(name, "")), ""),
        new One(
            line(visit, schedule, visit.catalog().schedules().find(name), NEXT),
            ticks(visit, Optional.of(name)),
            String.join(
                ", ",
                schedule.parameters().entrySet().stream()
                    .map(value -> value.getKey() + " = " + value.getValue())
                    .toList()),
            schedule.catchUp().name().toLowerCase(Locale.ROOT),
            schedule.objective().map(Durations::format).orElse("")));
  }

  /** Each schedule with the next time that it is due. */
  static List<Line> lines(Visit visit, Settings settings) {
    Map<String, Standing> standings = visit.catalog().schedules().all();
    return settings.schedules().values().stream()
        .filter(schedule -> visit.sight().sees(schedule.environment()))
        .map(
            schedule ->
                line(visit, schedule, Optional.ofNullable(standings.get(schedule.name())), 1))
        .toList();
  }

  private static Line line(Visit visit, Schedule schedule, Optional<Standing> known, int ticks) {
    Standing standing = known.orElseGet(() -> Standing.none(visit.now()));
    Verdict verdict = visit.outlook().of(schedule, standing, visit.now());
    List<When> next = new ArrayList<>();
    Optional<Instant> tick = ServerJson.next(schedule, standing, verdict);
    while (tick.isPresent() && next.size() < ticks && standing.paused().isEmpty()) {
      next.add(visit.when(tick.get()));
      tick = schedule.next(tick.get());
    }
    return new Line(
        schedule.name(),
        Links.schedule(visit.project(), schedule.name()),
        Links.api(visit.project()) + "/schedules/" + Links.encode(schedule.name()),
        schedule.description(),
        isToldAll(visit, schedule) || !(schedule.trigger() instanceof Trigger.OnTables)
            ? ServerJson.trigger(schedule)
            : "on: tables",
        selects(visit, schedule),
        schedule.environment(),
        visit.sight().mayOperate(schedule.environment()),
        schedule.pool(),
        next,
        verdict instanceof Verdict.Waits waits
            ? isToldAll(visit, schedule) ? words(visit, waits) : "its inputs"
            : "",
        standing.paused().map(pause -> pause.by()).orElse(""),
        standing.last().map(last -> line(visit, last)));
  }

  private static String words(Visit visit, Verdict.Waits waits) {
    return "%s%s"
        .formatted(
            String.join(", ", waits.lacks()),
            waits.until().map(until -> ", until " + visit.when(until).exact()).orElse(""));
  }

  /** Tables that are not seen could be among them. */
  private static String selects(Visit visit, Schedule schedule) {
    return schedule.select().isEmpty()
        ? "all tables"
        : isToldAll(visit, schedule) ? String.join(" ", schedule.select()) : "some tables";
  }

  private static boolean isToldAll(Visit visit, Schedule schedule) {
    return visit.sight().seesAllTables(schedule.environment());
  }

  private static List<TickLine> ticks(Visit visit, Optional<String> schedule) {
    return visit.catalog().schedules().ticks(schedule, TICKS).stream()
        .filter(tick -> visit.sight().seesAll() || environment(visit, tick).isPresent())
        .map(tick -> line(visit, tick))
        .toList();
  }

  /** The environment of a tick's schedule, if it is still there and seen. */
  private static Optional<String> environment(Visit visit, Tick tick) {
    return visit
        .read()
        .project()
        .flatMap(p -> Optional.ofNullable(p.settings().schedules().get(tick.schedule())))
        .map(Schedule::environment)
        .filter(visit.sight()::sees);
  }

  private static TickLine line(Visit visit, Tick tick) {
    return new TickLine(
        tick.schedule(),
        visit.when(tick.due()),
        tick.state().name().toLowerCase(Locale.ROOT),
        tick.missed() == 0 ? "" : String.valueOf(tick.missed()),
        tick.attempt() == 1 ? "" : String.valueOf(tick.attempt()),
        tick.run().map(run -> Links.run(visit.project(), run)).orElse(""),
        RunRow.duration(tick.finishedAt().map(end -> Duration.between(tick.startedAt(), end))),
        environment(visit, tick).map(visit.sight()::seesAllRows).orElse(visit.sight().seesAllRows())
            ? tick.message()
            : "");
  }
}
