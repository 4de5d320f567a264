package io.headrace.server.ui;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of the columns of versions. A version never changes, so each is read once; a bounded
 * number of them at each question, so that a search in a large project takes no long time. Safe for
 * many threads.
 */
final class ColumnIndex {
  private static final int MOST_READ = 500;

  private final Workspace workspace;
  private final Map<String, List<String>> byVersion = new ConcurrentHashMap<>();

  ColumnIndex(Workspace workspace) {
    this.workspace = workspace;
  }

  /** How many tables of the snapshot are not known yet, after some more were read. */
  int learn(Snapshot snapshot) {
    byVersion
        .keySet()
        .retainAll(workspace.catalog().versions().findAll(byVersion.keySet()).keySet());
    List<String> unknown = new ArrayList<>();
    for (String id : snapshot.versions().values()) {
      if (!byVersion.containsKey(id)) {
        unknown.add(id);
      }
    }
    List<String> now = unknown.subList(0, Math.min(MOST_READ, unknown.size()));
    for (Version version : workspace.catalog().versions().findAll(now).values()) {
      byVersion.put(version.id(), read(version));
    }
    return unknown.size() - now.size();
  }

  /** The columns of a version, as far as they are known. */
  List<String> columns(String version) {
    return byVersion.getOrDefault(version, List.of());
  }

  private List<String> read(Version version) {
    try {
      return workspace.tables().load(version.metadataLocation()).schema().columns().stream()
          .map(Column::name)
          .toList();
    } catch (HeadraceException e) {
      // Its files are gone or damaged; `headrace doctor` says so.
      return List.of();
    }
  }
}
