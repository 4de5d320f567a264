package io.headrace.server.monitor;

import io.headrace.catalog.Environment;
import io.headrace.error.HeadraceException;
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

/**
 * Says whether runs can go on: 200 if each project's catalog can be read and its disk has room, or
 * else 503 with the reasons. Safe for many threads.
 */
public final class Readiness {
  /** Room that a disk should have. */
  public static final long LEAST_BYTES = 500L << 20;

  private final Projects projects;
  private final long leastBytes;

  /**
   * Looks when it is asked.
   *
   * @param leastBytes room that the disk of each project should have
   */
  public Readiness(Projects projects, long leastBytes) {
    this.projects = projects;
    this.leastBytes = leastBytes;
  }

  public Route route() {
    return Route.get("/health/ready", "Whether runs can go on", this::answer);
  }

  private void answer(Context context) {
    List<Object> all = new ArrayList<>();
    boolean isReady = true;
    for (ServedProject project : projects.all()) {
      List<String> reasons = reasons(project);
      isReady &= reasons.isEmpty();
      all.add(
          Json.object("project", project.name(), "ready", reasons.isEmpty(), "reasons", reasons));
    }
    context
        .status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .contentType("application/json")
        .result(Json.write(Json.object("ready", isReady, "projects", all)));
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
