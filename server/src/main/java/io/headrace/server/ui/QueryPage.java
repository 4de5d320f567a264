package io.headrace.server.ui;

import io.headrace.catalog.Commit;
import io.headrace.server.ui.Frame.Crumb;
import java.util.List;

/** A place to write queries; the API answers them. */
public final class QueryPage {
  private static final int COMMITS = 20;

  /**
   * What the page shows.
   *
   * @param words where words come from that complete what is typed
   */
  public record Console(String api, String words, String sql, String at, List<Past> commits) {}

  /** A commit that can be read. */
  public record Past(String id, String text) {}

  void show(Visit visit) {
    visit.head();
    List<Past> commits =
        visit.catalog().environments().log(visit.environment(), COMMITS).stream()
            .map(commit -> past(visit, commit))
            .toList();
    String base = Links.project(visit.project());
    visit.render(
        "query",
        visit.frameWithChoice(
            "query", "Query", visit.crumbs(new Crumb("Query", "")), "headrace query 'SELECT ...'"),
        new Console(
            Links.api(visit.project()) + "/query",
            Links.in(base + "/words", visit.environment()),
            visit.parameter("sql").orElse(""),
            visit.parameter("at").orElse(""),
            commits));
  }

  private static Past past(Visit visit, Commit commit) {
    return new Past(
        String.valueOf(commit.id()),
        "commit %d, %s: %s"
            .formatted(commit.id(), visit.when(commit.at()).text(), commit.message()));
  }
}
