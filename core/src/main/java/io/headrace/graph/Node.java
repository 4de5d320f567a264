package io.headrace.graph;

import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A task with all that it reads.
 *
 * @param inputs the tables that its query names
 * @param globs the files that it reads, as patterns from the project's folder
 * @param unidentified the clauses for which it is built every time
 * @param sql its query after parameters were put in; empty if it is no query
 * @param parameters the literal of each parameter that the query uses
 * @param checks the checks declared on it
 */
public record Node(
    Task task,
    SortedSet<TableName> inputs,
    List<String> globs,
    List<Analysis.Unidentified> unidentified,
    String sql,
    SortedMap<String, String> parameters,
    List<CheckNode> checks) {
  public Node {
    inputs = Collections.unmodifiableSortedSet(new TreeSet<>(inputs));
    globs = List.copyOf(globs);
    unidentified = List.copyOf(unidentified);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    checks = List.copyOf(checks);
  }

  public TableName name() {
    return task.name();
  }
}
