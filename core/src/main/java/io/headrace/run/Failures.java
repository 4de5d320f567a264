package io.headrace.run;

import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.sql.ParameterizedSql;
import java.util.Map;
import java.util.stream.Collectors;

/** Says where in the project a failure of a task comes from. */
final class Failures {
  private Failures() {}

  /** The message of a failure, with {@code file:line:column} before it where that is known. */
  static String message(Node node, HeadraceException failure) {
    String message = String.valueOf(failure.getMessage());
    String file = node.task().file();
    if (!(failure instanceof QueryException query)
        || !(node.task().body() instanceof Task.Sql sql)
        || query.offset().isEmpty()) {
      return file + ": " + message;
    }
    int offset = originalOffset(node, sql.text(), query.offset().getAsInt());
    return Location.of(file, sql.text(), offset) + ": " + message;
  }

  private static int originalOffset(Node node, String text, int offset) {
    Map<String, String> literals =
        node.parameters().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return ParameterizedSql.of(text, literals).originalOffset(offset);
  }
}
