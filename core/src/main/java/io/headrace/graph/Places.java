package io.headrace.graph;

import io.headrace.error.Location;
import io.headrace.project.Task;
import io.headrace.sql.CanonicalSql;
import io.headrace.sql.ParameterizedSql;
import java.util.HashMap;
import java.util.Map;

/** Finds the place in a file of the project that a place in an executed query comes from. */
public final class Places {
  private Places() {}

  /**
   * The place where the query of a node begins, behind its comments, or the place of its source.
   */
  public static Location start(Node node) {
    if (node.task().body() instanceof Task.Files source) {
      return source.at();
    }
    if (node.task().body() instanceof Task.External external) {
      return external.at();
    }
    return of(node, CanonicalSql.start(node.sql()));
  }

  /**
   * The place of an offset into {@link Node#sql()}; the start of the file if it is no query. A
   * negative one is in the query of the items.
   */
  public static Location of(Node node, int offset) {
    String file = node.task().file();
    if (!(node.task().body() instanceof Task.Sql sql)) {
      return new Location(file, 1, 1);
    }
    if (offset < 0 && node.fanout().isPresent()) {
      return node.fanout().get().at();
    }
    Map<String, String> literals = new HashMap<>();
    node.fanout()
        .ifPresent(f -> f.itemParameters().forEach(n -> literals.put(n, Node.Fanout.NO_VALUE)));
    literals.putAll(node.parameters());
    int original = ParameterizedSql.of(sql.text(), literals).originalOffset(offset);
    return Location.of(file, sql.text(), original);
  }
}
