package io.headrace.plan;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which incremental tables go on from a version, because other code made it, or because it says how
 * things were. That version is part of what such a table is a function of, and stays so until the
 * table is made of its inputs alone again.
 *
 * @param carried the version that the one at the base goes on from, and so do those after it
 * @param current the version at the base, of tables that go on from it if they are built
 * @param otherCode rows of the versions at the base that other code made, where nothing is decided
 */
record Continuations(
    Map<TableName, String> carried,
    Map<TableName, String> current,
    Map<TableName, Long> otherCode) {

  static Continuations of(
      Collection<Node> nodes,
      Map<TableName, Recipes.Own> own,
      Snapshot base,
      Versions versions,
      Set<TableName> renewed,
      Set<TableName> continued) {
    Map<TableName, String> carried = new HashMap<>();
    Map<TableName, String> current = new HashMap<>();
    Map<TableName, Long> otherCode = new HashMap<>();
    for (Node node : nodes) {
      TableName name = node.name();
      Optional<Version> there =
          node.task().configuration().incremental().isEmpty() || renewed.contains(name)
              ? Optional.empty()
              : base.version(name).flatMap(versions::find);
      if (there.isEmpty()) {
        continue;
      }
      Recipe now = Recipes.withoutInputs(node, requireNonNull(own.get(name)));
      List<Recipe> same =
          versions.recipes(there.get().id()).stream().filter(now::hasCodeOf).toList();
      boolean keepsHistory =
          node.task().configuration().incremental().orElse(null) instanceof Task.Snapshots;
      if (continued.contains(name) || (keepsHistory && !same.isEmpty())) {
        current.put(name, there.get().id());
      } else if (same.isEmpty()) {
        otherCode.put(name, there.get().rowCount());
      }
      same.stream()
          .map(Recipe::before)
          .flatMap(Optional::stream)
          .findFirst()
          .ifPresent(before -> carried.put(name, before));
    }
    return new Continuations(carried, current, otherCode);
  }

  /** The version that a table goes on from without being asked to. */
  Optional<String> before(TableName table) {
    return Optional.ofNullable(carried.get(table));
  }

  /** The version that a table goes on from if it is built. */
  Optional<String> asked(TableName table) {
    return Optional.ofNullable(current.get(table));
  }

  /** How many rows other code made, if nobody said what is to become of them. */
  Optional<Long> undecided(TableName table) {
    return Optional.ofNullable(otherCode.get(table));
  }
}
