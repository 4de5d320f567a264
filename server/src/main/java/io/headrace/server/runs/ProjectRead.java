package io.headrace.server.runs;

import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.workspace.Workspace;
import java.util.HashMap;
import java.util.Map;

/** A project as it was read, for the runs that use it. Safe for many threads. */
final class ProjectRead {
  private final Workspace workspace;
  private final Project project;
  private final Map<Map<String, String>, Graph> graphs = new HashMap<>();

  ProjectRead(Workspace workspace, Project project) {
    this.workspace = workspace;
    this.project = project;
  }

  Project project() {
    return project;
  }

  /** Its graph, which is built once for the same parameters. */
  synchronized Graph graph(Map<String, String> parameters) {
    return graphs.computeIfAbsent(parameters, given -> workspace.buildGraph(project, given));
  }
}
