package io.headrace.server.ui;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.server.text.Figures;
import io.headrace.server.ui.Frame.Crumb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The environments, and the commits of each. */
public final class EnvironmentPages {
  private static final int MOST_COMMITS = 100;

  /**
   * An environment.
   *
   * @param commit its newest, or empty
   * @param tables how many it shows, in words
   * @param origin what it was forked from, and can be promoted to
   * @param diff where that is compared with it, or empty
   * @param runCommand what begins a run in it
   */
  public record Line(
      String name,
      String url,
      String tablesUrl,
      String commit,
      Optional<When> at,
      String tables,
      String forkedFrom,
      String api,
      Optional<String> origin,
      boolean mayPromote,
      String diff,
      String runCommand) {}

  /** A commit, with where it is compared with the one before it. */
  public record CommitLine(
      String id,
      When at,
      String author,
      String message,
      int tables,
      String run,
      String diff,
      boolean isHead,
      boolean mayRollBack) {}

  /** All environments. */
  public record All(List<Line> environments) {}

  /** One of them. */
  public record One(Line environment, List<CommitLine> commits, String diff) {}

  void list(Visit visit) {
    visit.render(
        "environments",
        visit.frame(
            "environments",
            "Environments",
            visit.crumbs(new Crumb("Environments", "")),
            "headrace env list"),
        new All(visit.catalog().environments().list().stream().map(e -> line(visit, e)).toList()));
  }

  void show(Visit visit) {
    Environment environment = visit.requireEnvironment(visit.context().pathParam("environment"));
    Environments environments = visit.catalog().environments();
    List<CommitLine> lines = new ArrayList<>();
    for (Commit commit : environments.log(environment.name(), MOST_COMMITS)) {
      lines.add(
          new CommitLine(
              String.valueOf(commit.id()),
              visit.when(commit.at()),
              commit.author(),
              commit.message(),
              environments.changes(commit.id()).size(),
              commit.run().map(run -> Links.run(visit.project(), run)).orElse(""),
              commit.parent() == 0
                  ? ""
                  : Links.diff(
                      visit.project(),
                      String.valueOf(commit.parent()),
                      String.valueOf(commit.id())),
              commit.id() == environment.head(),
              visit.sight().mayChange(environment.name())));
    }
    visit.render(
        "environment",
        visit.frame(
            "environments",
            environment.name(),
            visit.crumbs(
                new Crumb("Environments", Links.project(visit.project()) + "/environments"),
                new Crumb(environment.name(), "")),
            Visit.in("headrace log", environment.name())),
        new One(line(visit, environment), lines, Links.project(visit.project()) + "/diff"));
  }

  private static Line line(Visit visit, Environment environment) {
    Environments environments = visit.catalog().environments();
    String name = environment.name();
    Optional<String> origin =
        environment
            .forkedFrom()
            .flatMap(environments::findCommit)
            .map(Commit::environment)
            .filter(other -> !other.equals(name));
    return new Line(
        name,
        Links.environment(visit.project(), name),
        Links.in(Links.project(visit.project()), name),
        environment.head() == 0 ? "" : String.valueOf(environment.head()),
        environments.findCommit(environment.head()).map(Commit::at).map(visit::when),
        Figures.count(environments.head(name).versions().size(), "table"),
        environment.forkedFrom().map(String::valueOf).orElse(""),
        Links.api(visit.project()) + "/environments/" + Links.encode(name),
        origin,
        origin.filter(visit.sight()::mayChange).isPresent() && visit.sight().seesAllTables(name),
        origin.map(other -> Links.diff(visit.project(), other, name)).orElse(""),
        Visit.in("headrace run", name));
  }
}
