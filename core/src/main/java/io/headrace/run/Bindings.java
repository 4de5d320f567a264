package io.headrace.run;

import io.headrace.catalog.Version;
import io.headrace.engine.Session;
import io.headrace.error.HeadraceException;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Makes versions readable in a session, each table once: it has one version in an execution. */
final class Bindings {
  private final Workspace workspace;
  private final Session session;
  private final Map<TableName, TableData> bound = new ConcurrentHashMap<>();

  Bindings(Workspace workspace, Session session) {
    this.workspace = workspace;
    this.session = session;
  }

  /** Makes the version readable, unless the table is already. Safe for many threads. */
  void bind(TableName table, String version) {
    bound.computeIfAbsent(
        table,
        name -> {
          Version found =
              workspace
                  .catalog()
                  .versions()
                  .find(version)
                  .orElseThrow(
                      () ->
                          new HeadraceException(
                              "Cannot read '%s': its version '%s' is gone".formatted(name, version),
                              "Its rows were erased while this run began: run again"));
          TableData data = workspace.tables().load(found.metadataLocation());
          session.bind(name, data);
          return data;
        });
  }

  /** The size of the files of those tables that are bound. */
  long bytes(Collection<TableName> tables) {
    return tables.stream()
        .flatMap(table -> find(table).stream())
        .mapToLong(TableData::sizeBytes)
        .sum();
  }

  Optional<TableData> find(TableName table) {
    return Optional.ofNullable(bound.get(table));
  }
}
