package io.headrace.server.ui;

import io.headrace.error.HeadraceException;
import io.headrace.error.Problem;
import io.headrace.error.ProjectException;
import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.server.access.Sight;
import io.headrace.server.runs.ServedProject;
import io.headrace.workspace.FileStamps;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a project say now. Reads them again only if one of them changed, as their sizes
 * and times tell. Safe for many threads.
 */
final class ProjectFiles {
  private final ServedProject served;
  private @Nullable FileStamps stamps;
  private @Nullable Reading last;

  ProjectFiles(ServedProject served) {
    this.served = served;
  }

  /**
   * What was read.
   *
   * @param graph empty if there are problems
   * @param problems why it cannot be run, if so; those of the files have a place
   * @param message what is wrong with it otherwise, or empty
   * @param hint what to do about that, or empty
   */
  record Reading(
      Optional<Project> project,
      Optional<Graph> graph,
      List<Problem> problems,
      String message,
      String hint) {

    private static Reading of(Optional<Project> project, HeadraceException e) {
      return e instanceof ProjectException wrong
          ? new Reading(project, Optional.empty(), wrong.problems(), "", "")
          : new Reading(
              project, Optional.empty(), List.of(), String.valueOf(e.getMessage()), e.hint());
    }

    /** What is left of it for somebody, who looks at an environment. */
    Reading narrow(Sight sight, String environment) {
      if (sight.seesAllRows(environment)) {
        return this;
      }
      boolean isToldAll = sight.seesAllTables(environment);
      return new Reading(
          project,
          graph.map(all -> sight.narrow(all, environment)),
          isToldAll ? problems : List.of(),
          isToldAll || isGood() ? message : "The project's files cannot be read",
          isToldAll ? hint : "");
    }

    boolean isGood() {
      return graph.isPresent();
    }
  }

  synchronized Reading read() {
    Workspace workspace = served.workspace();
    FileStamps now = FileStamps.of(workspace.root());
    Reading known = last;
    if (known != null && now.equals(stamps)) {
      return known;
    }
    Reading read = readAgain(workspace);
    last = read;
    stamps = now;
    return read;
  }

  private static Reading readAgain(Workspace workspace) {
    Optional<Project> project = Optional.empty();
    try {
      Project read = workspace.readProject();
      project = Optional.of(read);
      Graph graph = workspace.buildGraph(read, Map.of());
      return new Reading(project, Optional.of(graph), List.of(), "", "");
    } catch (HeadraceException e) {
      return Reading.of(project, e);
    }
  }
}
