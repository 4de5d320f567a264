package io.headrace.run;

import io.headrace.engine.Session;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Makes versions readable in a session, each table once: it has one version in an execution. */
final class Bindings {
  private final LoadedVersions versions;
  private final Session session;
  private final Map<TableName, TableData> bound = new ConcurrentHashMap<>();

  Bindings(LoadedVersions versions, Session session) {
    this.versions = versions;
    this.session = session;
  }

  /** Makes the version readable, unless the table is already. Safe for many threads. */
  void bind(TableName table, String version) {
    bound.computeIfAbsent(
        table,
        name -> {
          TableData data = versions.load(name, version);
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
