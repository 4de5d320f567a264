package io.headrace.server.route;

import io.headrace.catalog.Catalog;
import io.headrace.error.NearestWord;
import io.headrace.server.runs.ServedProject;
import io.headrace.trigger.Outlook;
import io.headrace.trigger.Upstreams;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The projects that are served, by the names that paths give them. */
public final class Projects implements Upstreams {
  private final SortedMap<String, ServedProject> byName;

  public Projects(SortedMap<String, ServedProject> byName) {
    this.byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
  }

  public Collection<ServedProject> all() {
    return byName.values();
  }

  @Override
  public Optional<Catalog> catalog(String project) {
    return Optional.ofNullable(byName.get(project)).map(found -> found.workspace().catalog());
  }

  /** Says what the schedules of a project are due for. */
  public Outlook outlook(ServedProject project) {
    return new Outlook(project.workspace(), this);
  }

  /** The project that a request's path names, or 404. */
  public ServedProject of(Context context) {
    String name = context.pathParam("project");
    ServedProject project = byName.get(name);
    if (project == null) {
      throw missing("project", name, byName.keySet());
    }
    return project;
  }

  /** A 404 for something that a path names. */
  public static HttpResponseException missing(String what, String name, Collection<String> known) {
    return new HttpResponseException(
        HttpStatus.NOT_FOUND.getCode(),
        "There is no %s '%s' here".formatted(what, name),
        Map.of("hint", NearestWord.hint(name, known, "")));
  }
}
