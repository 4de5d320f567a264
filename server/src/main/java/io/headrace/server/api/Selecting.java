package io.headrace.server.api;

import io.headrace.error.UsageException;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.server.access.Sight;
import io.headrace.server.runs.ServedProject;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import io.javalin.http.HttpResponseException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says which tables a run may build for somebody who may not change all of an environment. */
final class Selecting {
  private Selecting() {}

  /**
   * What to select. Who may build some tables only gets the names of those that he asked for, so
   * that a change of the project meanwhile adds no other.
   *
   * @throws HttpResponseException 403 if he asks for others
   */
  static List<String> allowed(
      ServedProject project,
      Sight sight,
      String environment,
      List<String> asked,
      Map<String, String> parameters) {
    if (sight.mayChange(environment)) {
      return asked;
    }
    Workspace workspace = project.workspace();
    Graph graph = workspace.buildGraph(workspace.readProject(), parameters);
    Set<TableName> tables;
    try {
      tables = Selection.of(graph, asked);
    } catch (UsageException e) {
      // What it says could name other tables.
      throw refused(environment);
    }
    if (tables.stream().anyMatch(table -> !sight.mayRun(environment, table))) {
      throw refused(environment);
    }
    return tables.stream().map(TableName::toString).sorted().toList();
  }

  private static HttpResponseException refused(String environment) {
    return new HttpResponseException(
        403,
        "You may not build all of these tables in '%s'".formatted(environment),
        Map.of("hint", "Name the tables that you may build with `select`, without + and *"));
  }
}
