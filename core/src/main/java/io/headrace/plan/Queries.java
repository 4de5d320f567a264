package io.headrace.plan;

import io.headrace.engine.Query;
import io.headrace.engine.Sifting;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.sql.SqlNames;
import io.headrace.table.KeyRule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says what an engine executes for a task. */
public final class Queries {
  private Queries() {}

  /**
   * The query that makes the table of a node.
   *
   * @param files the files that it reads, if it is no query
   * @param moment at which things are as the query says, for a table that keeps how they were
   */
  public static Query of(Node node, List<Path> files, Instant moment) {
    return keyed(node, rows(node, files), moment);
  }

  /** The query that makes the table of a node of a source that has columns and no rows. */
  static Query empty(Node node, List<Query.DeclaredColumn> columns) {
    String values =
        columns.stream()
            .map(c -> "CAST(NULL AS %s) AS %s".formatted(c.type(), SqlNames.quote(c.name())))
            .collect(Collectors.joining(", "));
    Query none = new Query.Select("SELECT %s LIMIT 0".formatted(values));
    return keyed(node, sifted(node, none), Instant.EPOCH);
  }

  private static Query keyed(Node node, Query rows, Instant moment) {
    Optional<Task.Incremental> how = node.task().configuration().incremental();
    Query stamped =
        node.task().keepsStates() ? new Query.Stamped(rows, KeyRule.VALID_FROM, moment) : rows;
    return how.flatMap(Task.Incremental::rule)
        .map(rule -> (Query) new Query.Keyed(stamped, rule))
        .orElse(stamped);
  }

  /** The same before rows of the same key are brought together, if the task has a key. */
  public static Query rows(Node node, List<Path> files) {
    return sifted(node, all(node, files));
  }

  private static Query sifted(Node node, Query all) {
    return node.task()
        .configuration()
        .reject()
        .map(reject -> (Query) new Query.Sifted(all, reject.sifting()))
        .orElse(all);
  }

  /** Whether bad records are told from good ones, and that has not been done already. */
  private static boolean isChecked(Node node, Task.Files source) {
    boolean isDone = source.columns().stream().anyMatch(c -> c.name().equals(Sifting.ERROR));
    return !isDone
        && node.task()
            .configuration()
            .reject()
            .filter(reject -> !reject.sifting().origin().isEmpty())
            .isPresent();
  }

  /** Good rows and others. */
  private static Query all(Node node, List<Path> files) {
    if (node.task().body() instanceof Task.Sql) {
      return new Query.Select(node.sql());
    }
    if (node.task().body() instanceof Task.Files source) {
      Query.FileScan scan =
          new Query.FileScan(
              source.format(), files, source.columns(), source.pathColumns(), source.options());
      return isChecked(node, source)
          ? new Query.Checked(scan, source.format(), source.columns())
          : scan;
    }
    Task.Data data = (Task.Data) node.task().body();
    return new Query.FileScan(data.format(), files, List.of(), List.of(), new TreeMap<>());
  }
}
