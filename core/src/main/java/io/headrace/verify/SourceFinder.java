package io.headrace.verify;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.connector.Position;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Node;
import io.headrace.identity.FileGlob;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.plan.Reasons;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds what a version was made from: the versions of tables that its recipe names, and the files
 * as they are now, if they are as they were.
 *
 * <p>Several recipes may lead to one version, because a change of code or input changed no row. If
 * the one that made it cannot be followed any more, the one that the environment stands for counts:
 * the current query over the current versions of its inputs.
 */
final class SourceFinder {
  private final Path root;
  private final Versions versions;
  private final Workspace workspace;
  private final Snapshot snapshot;

  SourceFinder(Workspace workspace, Snapshot snapshot) {
    this.root = workspace.root();
    this.versions = workspace.catalog().versions();
    this.workspace = workspace;
    this.snapshot = snapshot;
  }

  Sources find(Node node, Version version) {
    Set<Path> paths = new LinkedHashSet<>();
    node.globs().forEach(glob -> paths.addAll(FileGlob.find(root, glob)));
    List<Identified> files = workspace.fileIdentifier().identify(paths);
    Recipes.Own own = Recipes.own(node.task());
    List<Position> upTo = Recipes.positions(version.recipe());
    Map<TableName, String> recorded = tables(version.recipe());
    Recipe followed =
        Recipes.of(root, node, own, of(node, recorded), files, upTo, Optional.empty());
    SortedMap<TableName, Version> there = there(of(node, recorded));
    boolean isFollowed = followed.equals(version.recipe());
    if (isFollowed && there.size() == node.inputs().size()) {
      return new Sources.Found(there, files);
    }
    Map<TableName, String> current = of(node, snapshot.versions());
    Recipe now = Recipes.of(root, node, own, current, files, upTo, Optional.empty());
    boolean leadsThere =
        versions
            .findBuilt(Recipes.fingerprint(node.name(), now, ""))
            .equals(Optional.of(version.id()));
    SortedMap<TableName, Version> thereNow = there(current);
    if (leadsThere && thereNow.size() == node.inputs().size()) {
      return new Sources.Found(thereNow, files);
    }
    return new Sources.Gone(
        isFollowed ? collected(node, recorded, there) : changed(node, version.recipe(), followed));
  }

  /** The version of each input of a node, or a name that no version has. */
  private static Map<TableName, String> of(Node node, Map<TableName, String> known) {
    Map<TableName, String> inputs = new TreeMap<>();
    node.inputs().forEach(input -> inputs.put(input, known.getOrDefault(input, "")));
    return inputs;
  }

  /** Those of the versions that the catalog still has. */
  private SortedMap<TableName, Version> there(Map<TableName, String> inputs) {
    Map<String, Version> found = versions.findAll(inputs.values());
    SortedMap<TableName, Version> there = new TreeMap<>();
    inputs.forEach(
        (table, id) ->
            Optional.ofNullable(found.get(id)).ifPresent(version -> there.put(table, version)));
    return there;
  }

  private static Map<TableName, String> tables(Recipe recipe) {
    Map<TableName, String> tables = new TreeMap<>();
    recipe.inputs().stream()
        .filter(input -> input.kind() == InputKind.TABLE)
        .forEach(input -> tables.put(TableName.parse(input.name()), input.identity()));
    return tables;
  }

  private static String collected(
      Node node, Map<TableName, String> recorded, Map<TableName, Version> there) {
    TableName gone =
        node.inputs().stream().filter(input -> !there.containsKey(input)).findFirst().orElseThrow();
    return "the version '%s' of '%s' that it was made from is gone; run first"
        .formatted(recorded.get(gone), gone);
  }

  private String changed(Node node, Recipe before, Recipe now) {
    List<String> changes = Reasons.changes(node, withoutFiles(before), withoutFiles(now));
    if (!changes.isEmpty()) {
      return "its query has changed since (%s); run first".formatted(String.join("; ", changes));
    }
    List<String> files = fileChanges(files(before), files(now));
    if (files.isEmpty()) {
      return "its query has changed since; run first";
    }
    String more = files.size() == 1 ? "" : " and %d more".formatted(files.size() - 1);
    return files.get(0) + more + "; run first";
  }

  private List<String> fileChanges(Map<String, String> before, Map<String, String> now) {
    List<String> changes = new ArrayList<>();
    before.forEach(
        (name, hash) -> {
          String other = now.get(name);
          if (other == null) {
            boolean isThere = Files.exists(root.resolve(name));
            changes.add("'%s' is %s".formatted(name, isThere ? "not read any more" : "gone"));
          } else if (!other.equals(hash)) {
            changes.add("'%s' has changed since".formatted(name));
          }
        });
    now.keySet().stream()
        .filter(name -> !before.containsKey(name))
        .forEach(name -> changes.add("'%s' was added since".formatted(name)));
    return changes;
  }

  private static Map<String, String> files(Recipe recipe) {
    Map<String, String> files = new TreeMap<>();
    recipe.inputs().stream()
        .filter(input -> input.kind() == InputKind.FILE)
        .forEach(input -> files.put(input.name(), input.identity()));
    return files;
  }

  private static Recipe withoutFiles(Recipe recipe) {
    List<Input> tables =
        recipe.inputs().stream().filter(input -> input.kind() == InputKind.TABLE).toList();
    return new Recipe(
        recipe.code(), recipe.configuration(), recipe.parameters(), tables, recipe.unidentified());
  }
}
