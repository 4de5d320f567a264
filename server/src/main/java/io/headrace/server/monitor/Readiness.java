package io.headrace.server.monitor;

import io.headrace.access.Role;
import io.headrace.catalog.Environment;
import io.headrace.error.HeadraceException;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says whether runs can go on: 200 if each project's catalog can be read and its disk has room, or
 * else 503 with the reasons. Safe for many threads.
 */
public final class Readiness {
  /** Room that a disk should have. */
  public static final long LEAST_BYTES = 500L << 20;

  private final Projects projects;
  private final long leastBytes;
  private final Supplier<Optional<HeadraceException>> own;

  /**
   * Looks when it is asked.
   *
   * @param leastBytes room that the disk of each project should have
   */
  public Readiness(Projects projects, long leastBytes) {
    this(projects, leastBytes, Optional::empty);
  }

  /**
   * Looks when it is asked.
   *
   * @param own what is wrong with the server itself
   */
  public Readiness(Projects projects, long leastBytes, Supplier<Optional<HeadraceException>> own) {
    this.projects = projects;
    this.own = own;
    this.leastBytes = leastBytes;
  }

  public Route route() {
    return Route.get("/health/ready", "Whether runs can go on", this::answer).open();
  }

  private void answer(Context context) {
    boolean isToldAll = Visitor.of(context).rights().may(Role.VIEWER);
    List<Object> all = new ArrayList<>();
    Optional<HeadraceException> problem = own.get();
    boolean isReady = problem.isEmpty();
    problem.ifPresent(
        wrong ->
            all.add(
                Json.object(
                    "project",
                    null,
                    "ready",
                    false,
                    "reasons",
                    List.of(String.valueOf(wrong.getMessage())))));
    for (ServedProject project : projects.all()) {
      List<String> reasons = reasons(project);
      isReady &= reasons.isEmpty();
      all.add(
          Json.object("project", project.name(), "ready", reasons.isEmpty(), "reasons", reasons));
    }
    context
        .status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .contentType("application/json")
        .result(
            Json.write(
                isToldAll
                    ? Json.object("ready", isReady, "projects", all)
                    : Json.object("ready", isReady)));
  }

  private List<String> reasons(ServedProject project) {
    List<String> reasons = new ArrayList<>();
    try {
      var unused = project.workspace().catalog().environments().head(Environment.MAIN);
    } catch (HeadraceException e) {
      reasons.add(String.valueOf(e.getMessage()));
    }
    Path folder = project.workspace().stateFolder();
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (free < leastBytes) {
        reasons.add(
            "The disk of '%s' has room for %,d MiB, less than %,d MiB"
                .formatted(folder, free >> 20, leastBytes >> 20));
      }
    } catch (IOException e) {
      reasons.add("Cannot look at the disk of '%s': %s".formatted(folder, e));
    }
    return reasons;
  }
}
