package io.headrace.server.ui;

import java.util.List;

/**
 * What is around the content of a page.
 *
 * @param project its name, or empty on pages of none
 * @param tab the part of the project that the page is of, as its address has it
 * @param environment what is seen is seen in it
 * @param environments among which to choose; empty if there is no choice on this page
 * @param command what says the same on the command line, or empty
 * @param theme {@code light}, {@code dark}, or empty for what the system has
 * @param search what was searched for
 * @param who looks at it
 */
public record Frame(
    String title,
    String project,
    String tab,
    String environment,
    List<Crumb> crumbs,
    List<Choice> environments,
    String command,
    String theme,
    String search,
    Who who) {

  /**
   * Somebody who has logged in.
   *
   * @param form what a form of his has to send back
   */
  public record Who(String name, String form) {
    static final Who NOBODY = new Who("", "");

    public boolean isThere() {
      return !name.isEmpty();
    }
  }

  /** A step from the project to the page; without an address it is the page itself. */
  public record Crumb(String text, String url) {}

  /** One of several, of which one is chosen. */
  public record Choice(String text, String url, boolean isChosen) {}

  /** The parts of a project. */
  public record Tab(String key, String text) {}

  /** The parts, in the order in which they are shown. */
  public static final List<Tab> TABS =
      List.of(
          new Tab("", "Tables"),
          new Tab("graph", "Graph"),
          new Tab("runs", "Runs"),
          new Tab("environments", "Environments"),
          new Tab("query", "Query"),
          new Tab("schedules", "Schedules"));

  /** Where the project's own pages are. */
  public String base() {
    return Links.project(project);
  }

  /** Where the API has the project. */
  public String api() {
    return Links.api(project);
  }

  /** The address of a part, in the environment that is seen. */
  public String url(Tab part) {
    return in(part.key().isEmpty() ? base() : base() + "/" + part.key());
  }

  /** The same address in the environment that is seen. */
  public String in(String path) {
    return Links.in(path, environment);
  }
}
