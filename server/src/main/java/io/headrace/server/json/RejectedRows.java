package io.headrace.server.json;

import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.engine.Sifting.Half;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many rows tables have, and how many they reject.
 *
 * @param rejected the table of the rejected ones
 */
public record RejectedRows(TableName rejected, long rows, long rejectedRows) {

  /** Those of the tables of a run that reject rows, by table, as they are after it. */
  public static SortedMap<TableName, RejectedRows> of(
      RunResult result, Graph graph, Versions versions) {
    SortedMap<TableName, String> ids = new TreeMap<>();
    for (TaskOutcome task : result.tasks()) {
      task.version()
          .filter(id -> graph.half(task.table()).isPresent())
          .ifPresent(id -> ids.put(task.table(), id));
    }
    return of(ids, graph, versions);
  }

  /** Those of some tables that reject rows, by table. */
  public static SortedMap<TableName, RejectedRows> of(
      SortedMap<TableName, String> ids, Graph graph, Versions versions) {
    Map<String, Version> found = versions.findAll(ids.values());
    SortedMap<TableName, RejectedRows> all = new TreeMap<>();
    for (TableName table : ids.keySet()) {
      Optional<TableName> other =
          graph
              .find(table)
              .map(Node::task)
              .flatMap(task -> task.configuration().reject())
              .filter(reject -> reject.sifting().half() == Half.GOOD)
              .map(Task.Reject::other);
      if (other.isPresent()) {
        all.put(
            table,
            new RejectedRows(other.get(), rows(found, ids, table), rows(found, ids, other.get())));
      }
    }
    return all;
  }

  private static long rows(
      Map<String, Version> found, SortedMap<TableName, String> ids, TableName table) {
    return Optional.ofNullable(ids.get(table))
        .flatMap(id -> Optional.ofNullable(found.get(id)))
        .map(Version::rowCount)
        .orElse(0L);
  }

  /** For programs: how many rows are rejected, by table. */
  public static SortedMap<TableName, Object> json(SortedMap<TableName, RejectedRows> all) {
    SortedMap<TableName, Object> json = new TreeMap<>();
    all.forEach((table, rows) -> json.put(table, rows.rejectedRows()));
    return json;
  }
}
