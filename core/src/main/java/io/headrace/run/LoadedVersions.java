package io.headrace.run;

import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the versions that a run reads consist of: each is looked up once. Safe for many threads. */
final class LoadedVersions {
  private final Workspace workspace;
  private final Map<String, TableData> loaded = new ConcurrentHashMap<>();

  LoadedVersions(Workspace workspace) {
    this.workspace = workspace;
  }

  TableData load(TableName table, String version) {
    return loaded.computeIfAbsent(
        version, id -> workspace.tables().load(find(table, id).metadataLocation()));
  }

  private Version find(TableName table, String version) {
    return workspace
        .catalog()
        .versions()
        .find(version)
        .orElseThrow(
            () ->
                new HeadraceException(
                    "Cannot read '%s': its version '%s' is gone".formatted(table, version),
                    "Its rows were erased while this run began: run again"));
  }
}
