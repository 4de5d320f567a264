package io.headrace.server.ui;

import io.headrace.server.access.Visitor;
import io.headrace.server.route.Need;
import io.headrace.server.route.Need.Act;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.ReadLimit;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The web pages. Safe for many threads. */
public final class Ui {
  /** What most pages show is what one environment has. */
  private static final Where SEEN = Where.query("env");

  private final Projects projects;
  private final ZoneId zone;
  private final ReadLimit reading;
  private final Map<String, ProjectFiles> files = new ConcurrentHashMap<>();

  /**
   * Pages of projects.
   *
   * @param zone in which times are shown
   * @param reading how long rows of tables are read for a page
   */
  public Ui(Projects projects, ZoneId zone, ReadLimit reading) {
    this.projects = projects;
    this.zone = zone;
    this.reading = reading;
  }

  /** Shows a page of a project. */
  @FunctionalInterface
  interface ProjectPage {
    void show(Visit visit) throws Exception;
  }

  /** All routes of the pages and of what they are made of. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(
        Pages.route("/", "The projects that are served", this::projects).needs(new Need.Known()));
    routes.add(Assets.route());
    routes.addAll(tablePages());
    routes.addAll(otherPages());
    routes.add(
        Pages.route(
                "/projects/<rest>",
                "Says that there is no such page",
                context -> {
                  throw Projects.missing("page", context.path(), List.of());
                })
            .needs(new Need.Known()));
    return routes;
  }

  /**
   * Reads what the files of all projects say now, so that whoever looks first need not wait for it.
   * What is wrong with them is told to those who look.
   */
  public void readAhead() {
    for (ServedProject served : projects.all()) {
      try {
        ProjectFiles.Reading unused = files(served).read();
      } catch (UncheckedIOException e) {
        // Nothing was read, so a page reads it, and tells of this.
      }
    }
  }

  private List<Route> tablePages() {
    TableParts parts = new TableParts(reading);
    SearchPage search = new SearchPage();
    String table = "/tables/{table}";
    return List.of(
        page("", "A project's tables", new HomePage()::show),
        page(table, "A table", new TablePage()::show),
        page(table + "/profile", "What the columns of a table hold", parts::profile),
        page(table + "/sample", "Some rows of a table", parts::sample),
        page(table + "/lineage", "What columns are computed from", parts::lineage)
            .needs(Need.in(Act.SEE_CODE, SEEN)),
        page(table + "/why", "Why a table would be built", parts::why)
            .needs(Need.in(Act.SEE_TEXTS, SEEN)),
        page("/search", "Tables and columns by their names", search::show),
        page("/words", "Words that complete a query", search::words),
        page("/graph", "The graph of a project", new GraphPage()::show),
        page("/query", "A place to write queries", new QueryPage()::show));
  }

  private List<Route> otherPages() {
    RunPage run = new RunPage();
    EnvironmentPages environments = new EnvironmentPages();
    SchedulesPage schedules = new SchedulesPage();
    return List.of(
        page("/runs", "The latest runs", new RunsPage()::show).needs(new Need.OnProject()),
        page("/runs/{run}", "A run", run::show).needs(Need.see(Where.run())),
        page("/runs/{run}/tasks", "The tasks of a run", run::part).needs(Need.see(Where.run())),
        page("/runs/{run}/log/{name}", "What was written down of a task", run::log)
            .needs(Need.in(Act.SEE_TEXTS, Where.run())),
        page("/environments", "The environments", environments::list).needs(new Need.OnProject()),
        page("/environments/{environment}", "The commits of an environment", environments::show)
            .needs(Need.see(Where.path("environment"))),
        page("/diff", "What differs between two commits", new DiffPage(reading)::show)
            .needs(new Need.OnProject()),
        page("/schedules", "The schedules", schedules::list).needs(new Need.OnProject()),
        page("/schedules/{schedule}", "A schedule", schedules::show)
            .needs(Need.see(Where.schedule())));
  }

  private Route page(String path, String summary, ProjectPage page) {
    return Pages.route(
            Links.PROJECT + path,
            summary,
            context -> page.show(visit(projects.of(context), context)))
        .needs(Need.see(SEEN));
  }

  private Visit visit(ServedProject served, Context context) {
    context.attribute(Pages.PROJECT, served.name());
    return new Visit(context, served, projects.outlook(served), files(served), zone);
  }

  private ProjectFiles files(ServedProject served) {
    return files.computeIfAbsent(served.name(), name -> new ProjectFiles(served));
  }

  /** One of the projects that are served. */
  public record Served(String name, String url, String folder) {}

  private void projects(Context context) {
    List<Served> served =
        projects.all().stream()
            .filter(project -> Visitor.of(context).rights().sees(project.name()))
            .map(
                project ->
                    new Served(
                        project.name(),
                        Links.project(project.name()),
                        project.workspace().root().toString()))
            .toList();
    if (served.size() == 1) {
      context.redirect(served.get(0).url());
      return;
    }
    Pages.render(context, "projects", Pages.frame(context, "Projects"), served);
  }
}
