package io.headrace.server.ui;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.Problem;
import io.headrace.server.text.Figures;
import io.headrace.server.ui.SchedulesPage.Line;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** The tables of a project, and what goes on with it. */
public final class HomePage {
  /** Tables on one page. */
  private static final int MOST_TABLES = 200;

  private static final int RUNS = 8;

  /**
   * What the page shows.
   *
   * @param filter what the names of the tables contain
   * @param all how many tables there are
   * @param found how many of them the filter leaves
   * @param mayRun whether all of them may be built
   * @param message why the project cannot be read, if no file is to blame
   */
  public record Home(
      String description,
      String filter,
      int all,
      int found,
      boolean mayRun,
      String commit,
      Optional<When> committed,
      List<Row> rows,
      Optional<String> earlier,
      Optional<String> later,
      List<Problem> problems,
      String message,
      String hint,
      List<RunRow> runs,
      List<Line> schedules) {}

  /**
   * A table.
   *
   * @param run where its last run is, or empty
   */
  public record Row(
      String schema,
      String name,
      String url,
      String description,
      String state,
      String style,
      String meaning,
      String rows,
      String size,
      Optional<When> built,
      String outcome,
      String run,
      CheckTally checks) {}

  void show(Visit visit) {
    Snapshot snapshot = visit.head();
    ProjectFiles.Reading read = visit.read();
    TreeSet<TableName> all = new TreeSet<>(snapshot.versions().keySet());
    read.graph().ifPresent(graph -> all.addAll(graph.nodes().keySet()));
    String filter = visit.parameter("filter").orElse("");
    String part = filter.toLowerCase(Locale.ROOT);
    List<TableName> found = all.stream().filter(table -> table.toString().contains(part)).toList();
    int from = Math.min(visit.number("from", 0), found.size());
    int to = Math.min(found.size(), from + MOST_TABLES);
    List<TableState> states =
        new TableStates(visit.catalog(), read.graph(), snapshot).of(found.subList(from, to));
    Optional<Commit> commit = visit.catalog().environments().findCommit(snapshot.commit());
    visit.render(
        "home",
        visit.frameWithChoice("", visit.project(), visit.crumbs(), "headrace show"),
        new Home(
            read.project().map(project -> project.settings().description()).orElse(""),
            filter,
            all.size(),
            found.size(),
            visit.sight().mayChange(visit.environment()),
            snapshot.commit() == 0 ? "" : String.valueOf(snapshot.commit()),
            commit.map(c -> visit.when(c.at())),
            states.stream().map(state -> row(visit, state)).toList(),
            from == 0
                ? Optional.empty()
                : Optional.of(page(visit, filter, Math.max(0, from - MOST_TABLES))),
            to == found.size() ? Optional.empty() : Optional.of(page(visit, filter, to)),
            read.problems(),
            read.message(),
            read.hint(),
            RunsPage.latest(visit, RUNS),
            read.project()
                .map(project -> SchedulesPage.lines(visit, project.settings()))
                .orElse(List.of())));
  }

  private static String page(Visit visit, String filter, int from) {
    String path = Links.in(Links.project(visit.project()), visit.environment());
    String filtered = filter.isEmpty() ? path : Links.with(path, "filter", filter);
    return Links.with(filtered, "from", String.valueOf(from));
  }

  private static Row row(Visit visit, TableState state) {
    TableName table = state.name();
    return new Row(
        table.schema(),
        table.name(),
        visit.tableUrl(table),
        state.node().map(node -> node.task().configuration().description().strip()).orElse(""),
        state.kind().text(),
        state.kind().style(),
        state.kind().meaning(),
        state.version().map(version -> Figures.number(version.rowCount())).orElse(""),
        state.version().map(version -> Figures.bytes(version.sizeBytes())).orElse(""),
        state.version().map(Version::createdAt).map(visit::when),
        state.last().map(TableState.LastTask::outcome).orElse(""),
        state.last().map(last -> Links.run(visit.project(), last.run())).orElse(""),
        state.checks());
  }
}
