package io.headrace.plan;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Node;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which incremental tables go on from a version, because other code made it, or because it says how
 * things were. That version is part of what such a table is a function of, and stays so until the
 * table is made of its inputs alone again. Safe for many threads.
 */
final class Continuations {
  private final Snapshot base;
  private final Versions versions;
  private final Set<TableName> renewed;
  private final Set<TableName> continued;
  private final Map<TableName, Continuation> known = new ConcurrentHashMap<>();

  /**
   * @param base the pointers that the plan starts from
   * @param renewed the tables that are made of their inputs alone
   * @param continued the tables that are asked to go on from what is there
   */
  Continuations(
      Snapshot base, Versions versions, Set<TableName> renewed, Set<TableName> continued) {
    this.base = base;
    this.versions = versions;
    this.renewed = renewed;
    this.continued = continued;
  }

  /**
   * How one table goes on.
   *
   * @param carried the version that the one at the base goes on from, and so do those after it
   * @param next the version at the base, if the table goes on from that when it is built
   * @param rowsOfOtherCode the rows at the base that other code made, if nobody said what is to
   *     become of them
   */
  record Continuation(
      Optional<String> carried, Optional<String> next, Optional<Long> rowsOfOtherCode) {
    static final Continuation NONE =
        new Continuation(Optional.empty(), Optional.empty(), Optional.empty());
  }

  Continuation of(Node node, Recipes.Own own) {
    TableName name = node.name();
    return node.task().configuration().incremental().isEmpty() || renewed.contains(name)
        ? Continuation.NONE
        : known.computeIfAbsent(name, table -> find(node, own));
  }

  private Continuation find(Node node, Recipes.Own own) {
    Optional<Version> there = base.version(node.name()).flatMap(versions::find);
    if (there.isEmpty()) {
      return Continuation.NONE;
    }
    String id = there.get().id();
    Recipe now = Recipes.withoutInputs(node, own);
    List<Recipe> same = versions.recipes(id).stream().filter(now::hasCodeOf).toList();
    boolean isAsked = continued.contains(node.name());
    boolean goesOn = isAsked || (node.task().keepsStates() && !same.isEmpty());
    return new Continuation(
        same.stream().map(Recipe::before).flatMap(Optional::stream).findFirst(),
        goesOn ? Optional.of(id) : Optional.empty(),
        same.isEmpty() && !isAsked ? Optional.of(there.get().rowCount()) : Optional.empty());
  }
}
