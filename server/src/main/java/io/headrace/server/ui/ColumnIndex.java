package io.headrace.server.ui;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of the columns of versions. A version never changes, so each is read once. What is not
 * known yet is read when somebody asks, but not for long: a search in a large project answers with
 * what is known so far. Safe for many threads.
 */
final class ColumnIndex {
  private static final Duration LONGEST_READ = Duration.ofMillis(500);

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
    long end = System.nanoTime() + LONGEST_READ.toNanos();
    int done = 0;
    for (Version version : workspace.catalog().versions().findAll(unknown).values()) {
      if (System.nanoTime() > end) {
        break;
      }
      byVersion.put(version.id(), read(version));
      done++;
    }
    return unknown.size() - done;
  }

  /** The columns of a version, read if they are not known. */
  List<String> require(String version) {
    return byVersion.computeIfAbsent(
        version, id -> workspace.catalog().versions().find(id).map(this::read).orElse(List.of()));
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
