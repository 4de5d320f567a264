package io.headrace.plan;

import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.error.HeadraceException;
import io.headrace.fanout.Items;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.identity.FileGlob;
import io.headrace.project.Task;
import io.headrace.table.Column;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which columns the tables of a project will have, without building one: each query is
 * described over empty tables of its inputs' schemas. Not for several threads.
 */
public final class Schemas implements AutoCloseable {
  private final Workspace workspace;
  private final Graph graph;
  private final Session session;
  private final Map<TableName, TableSchema> known = new HashMap<>();

  /** Describes in a session of its own, which {@link #close()} closes. */
  public Schemas(Workspace workspace, Graph graph) {
    this.workspace = workspace;
    this.graph = graph;
    this.session = workspace.engine().open(workspace.root());
  }

  /**
   * The columns that the table will have.
   *
   * @throws HeadraceException if its query, or one that it depends on, is wrong
   */
  public TableSchema of(TableName table) {
    Deque<TableName> open = new ArrayDeque<>();
    open.push(table);
    while (!open.isEmpty()) {
      Node node = graph.find(open.peek()).orElseThrow();
      List<TableName> missing =
          node.inputs().stream().filter(input -> !known.containsKey(input)).toList();
      if (missing.isEmpty()) {
        open.pop();
        known.computeIfAbsent(node.name(), name -> describe(node));
      } else {
        missing.forEach(open::push);
      }
    }
    return Optional.ofNullable(known.get(table)).orElseThrow();
  }

  /** The columns that the query of a node returns, over empty inputs; all inputs must be known. */
  private TableSchema describe(Node node) {
    List<Column> columns =
        node.fanout().isPresent()
            ? Items.describe(node, session).describeTable(session, Cancellation.never())
            : session.describe(query(node), Cancellation.never());
    TableSchema schema = SchemaEvolution.evolve(Optional.empty(), columns, Map.of());
    session.bindEmpty(node.name(), schema);
    return schema;
  }

  private Query query(Node node) {
    if (node.task().body() instanceof Task.External external) {
      try (Source source = workspace.connectors().open(external)) {
        return Queries.empty(node, source.columns());
      }
    }
    boolean isSql = node.task().body() instanceof Task.Sql;
    List<Path> files =
        isSql
            ? List.of()
            : node.globs().stream()
                .flatMap(glob -> FileGlob.find(workspace.root(), glob).stream())
                .toList();
    return Queries.of(node, files, Instant.EPOCH);
  }

  @Override
  public void close() {
    session.close();
  }
}
