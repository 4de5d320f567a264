package io.headrace.server.ui;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.graph.Graph;
import io.headrace.server.access.Sight;
import io.headrace.server.access.Visitor;
import io.headrace.server.route.Projects;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.ui.Frame.Choice;
import io.headrace.server.ui.Frame.Crumb;
import io.headrace.table.TableName;
import io.headrace.trigger.Outlook;
import io.headrace.workspace.Workspace;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request for a page of a project. Used by one thread. */
final class Visit {
  private final Context context;
  private final ServedProject served;
  private final Outlook outlook;
  private final ProjectFiles files;
  private final ZoneId zone;
  private final Sight sight;
  private final Instant now;
  private final String environment;
  private ProjectFiles.@Nullable Reading reading;

  Visit(Context context, ServedProject served, Outlook outlook, ProjectFiles files, ZoneId zone) {
    this.context = context;
    this.served = served;
    this.outlook = outlook;
    this.files = files;
    this.zone = zone;
    this.sight = Visitor.of(context).sight(served);
    this.now = served.workspace().clock().instant();
    this.environment = parameter("env").orElse(Environment.MAIN);
  }

  Context context() {
    return context;
  }

  ServedProject served() {
    return served;
  }

  /** Says what its schedules are due for. */
  Outlook outlook() {
    return outlook;
  }

  Workspace workspace() {
    return served.workspace();
  }

  /** Only with what is seen by who asks; it does not write. */
  Catalog catalog() {
    return sight.catalog();
  }

  /** What is seen of the project by who asks. */
  Sight sight() {
    return sight;
  }

  String project() {
    return served.name();
  }

  /** What the project's files say, which are looked at once. */
  ProjectFiles.Reading read() {
    ProjectFiles.Reading known = reading;
    if (known == null) {
      known = files.read().narrow(sight, environment);
      reading = known;
    }
    return known;
  }

  Instant now() {
    return now;
  }

  ZoneId zone() {
    return zone;
  }

  When when(Instant moment) {
    return When.of(moment, now, zone);
  }

  /** What the address says, if it does. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(context.queryParam(name))
        .map(String::trim)
        .filter(t -> !t.isEmpty());
  }

  /** A number in the address. */
  int number(String name, int otherwise) {
    return parameter(name)
        .filter(text -> text.matches("\\d{1,7}"))
        .map(Integer::parseInt)
        .orElse(otherwise);
  }

  String environment() {
    return environment;
  }

  /** The tables that the environment shows, or 404. */
  Snapshot head() {
    requireEnvironment(environment);
    return catalog().environments().head(environment);
  }

  /** 404 unless there is such an environment. */
  Environment requireEnvironment(String name) {
    return catalog()
        .environments()
        .find(name)
        .orElseThrow(
            () ->
                Projects.missing(
                    "environment",
                    name,
                    catalog().environments().list().stream().map(Environment::name).toList()));
  }

  /** The table that the address names, or 404. */
  TableName table(Snapshot snapshot) {
    TreeSet<TableName> known = new TreeSet<>(snapshot.versions().keySet());
    graph().ifPresent(graph -> known.addAll(graph.nodes().keySet()));
    return require("table", context.pathParam("table"), known);
  }

  /** What has that name, or 404. */
  static <T> T require(String what, String name, Collection<T> known) {
    return known.stream()
        .filter(one -> one.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () -> Projects.missing(what, name, known.stream().map(Object::toString).toList()));
  }

  Optional<Graph> graph() {
    return read().graph();
  }

  String tableUrl(TableName table) {
    return Links.table(project(), table, environment);
  }

  /** Steps from the project's first page, each with its address. */
  List<Crumb> crumbs(Crumb... steps) {
    List<Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Crumb(project(), Links.in(Links.project(project()), environment)));
    crumbs.addAll(List.of(steps));
    return crumbs;
  }

  /** The frame of a page that shows the same whatever the environment is. */
  Frame frame(String tab, String title, List<Crumb> crumbs, String command) {
    return frame(tab, title, crumbs, List.of(), command);
  }

  private Frame frame(
      String tab, String title, List<Crumb> crumbs, List<Choice> environments, String command) {
    return new Frame(
        title,
        project(),
        tab,
        environment,
        crumbs,
        environments,
        command,
        Pages.theme(context),
        parameter("q").filter(q -> tab.equals("search")).orElse(""),
        Pages.who(context));
  }

  /** The frame of a page that shows one of the environments. */
  Frame frameWithChoice(String tab, String title, List<Crumb> crumbs, String command) {
    List<Choice> choices = new ArrayList<>();
    for (Environment other : catalog().environments().list()) {
      choices.add(
          new Choice(
              other.name(),
              Links.in(context.path(), other.name()),
              other.name().equals(environment)));
    }
    return frame(
        tab, title, crumbs, choices.size() > 1 ? choices : List.of(), in(command, environment));
  }

  /** The command for an environment; {@code main} is not named. */
  static String in(String command, String environment) {
    return environment.equals(Environment.MAIN) ? command : command + " --env " + environment;
  }

  void render(String template, Frame frame, Object page) {
    Pages.render(context, template, frame, page);
  }

  /** Answers with a part of a page, which a script puts into it. */
  void renderPart(String template, Object part) {
    render(template, frame("", "", List.of(), ""), part);
  }
}
