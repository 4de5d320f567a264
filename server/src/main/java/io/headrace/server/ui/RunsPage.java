package io.headrace.server.ui;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.ui.Frame.Crumb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The latest runs, and a way to start another. */
public final class RunsPage {
  private static final int MOST = 100;

  /**
   * What the page shows.
   *
   * @param environments that a run may be started in; empty if none
   * @param selected what the form is filled with
   */
  public record Latest(
      List<RunRow> runs, List<String> environments, String environment, String selected) {}

  void show(Visit visit) {
    List<String> environments =
        visit.catalog().environments().list().stream()
            .map(Environment::name)
            .filter(visit.sight()::mayRun)
            .toList();
    visit.render(
        "runs",
        visit.frame("runs", "Runs", visit.crumbs(new Crumb("Runs", "")), ""),
        new Latest(
            latest(visit, MOST),
            environments,
            visit.environment(),
            visit.parameter("select").orElse("")));
  }

  /** The latest runs; those of this server first that the catalog does not have yet. */
  static List<RunRow> latest(Visit visit, int most) {
    List<Runs.Run> recorded = visit.catalog().runs().list(most);
    Set<String> known = recorded.stream().map(Runs.Run::id).collect(Collectors.toSet());
    List<RunRow> rows = new ArrayList<>();
    List<OngoingRun> own = visit.served().runs();
    for (int i = own.size() - 1; i >= 0; i--) {
      OngoingRun run = own.get(i);
      if (!known.contains(run.id()) && visit.sight().sees(run)) {
        rows.add(row(visit, run));
      }
    }
    recorded.forEach(run -> rows.add(RunRow.of(visit, run)));
    rows.sort(Comparator.comparing((RunRow row) -> row.started().at()).reversed());
    return rows.subList(0, Math.min(most, rows.size()));
  }

  /** A run that the catalog does not know: it begins, could not, or had nothing to do. */
  static RunRow row(Visit visit, OngoingRun run) {
    return new RunRow(
        run.id(),
        Links.run(visit.project(), run.id()),
        run.order().environment(),
        RunPage.state(run),
        visit.when(run.startedAt()),
        RunRow.duration(run.result().map(result -> result.duration())),
        "",
        run.order().cause());
  }
}
