package io.headrace.graph;

import io.headrace.error.Location;
import io.headrace.project.Task;
import io.headrace.sql.CanonicalSql;
import io.headrace.sql.ParameterizedSql;

/** Finds the place in a file of the project that a place in an executed query comes from. */
public final class Places {
  private Places() {}

  /** The place where the query of a node begins, behind its comments, or its list of files. */
  public static Location start(Node node) {
    if (node.task().body() instanceof Task.Files source) {
      return source.at();
    }
    return of(node, CanonicalSql.start(node.sql()));
  }

  /** The place of an offset into {@link Node#sql()}; the start of the file if it is no query. */
  public static Location of(Node node, int offset) {
    String file = node.task().file();
    if (!(node.task().body() instanceof Task.Sql sql)) {
      return new Location(file, 1, 1);
    }
    int original = ParameterizedSql.of(sql.text(), node.parameters()).originalOffset(offset);
    return Location.of(file, sql.text(), original);
  }
}
