package io.headrace.incremental;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what is new of the input that a table takes in row by row: the data files that its version
 * has and the one before did not have. Which rows were consumed is in the recipe of the version
 * that consumed them, so that each is consumed once, whatever is killed, repeated or rolled back.
 */
final class Growths {
  private final Path root;
  private final VersionFiles versions;

  Growths(Path root, VersionFiles versions) {
    this.root = root;
    this.versions = versions;
  }

  /**
   * Looks for an input that only grew.
   *
   * @param othersMayDiffer whether the other inputs need not be as they were
   */
  Optional<Growth> find(
      Node node, Task.Incremental how, Recipe was, Recipe is, boolean othersMayDiffer) {
    return node.task().body() instanceof Task.Sql
        ? rows(how.input().orElseGet(() -> node.inputs().first()), was, is, othersMayDiffer)
        : files(was, is);
  }

  /** New files of a source, if all that were there are there and as they were. */
  Optional<Growth> files(Recipe was, Recipe is) {
    Identities before = new Identities(was);
    boolean areFiles = is.reads().stream().allMatch(input -> input.kind() == InputKind.FILE);
    if (!areFiles || !new Identities(is).containsAll(before)) {
      return Optional.empty();
    }
    List<Path> added = new ArrayList<>();
    List<Path> earlier = new ArrayList<>();
    for (Input input : is.reads()) {
      Path file = root.resolve(input.name()).toAbsolutePath().normalize();
      (before.find(input).isEmpty() ? added : earlier).add(file);
    }
    return Optional.of(new Growth(Map.of(), Map.of(), added, earlier));
  }

  private Optional<Growth> rows(TableName grown, Recipe was, Recipe is, boolean othersMayDiffer) {
    Identities before = new Identities(was);
    if (!othersMayDiffer && !before.sameNames(new Identities(is))) {
      return Optional.empty();
    }
    Map<TableName, TableData> inputs = new HashMap<>();
    Map<TableName, TableData> earlier = new HashMap<>();
    for (Input input : is.reads()) {
      Optional<String> identity = before.find(input);
      boolean isGrown =
          input.kind() == InputKind.TABLE && TableName.parse(input.name()).equals(grown);
      boolean isSame = identity.equals(Optional.of(input.identity()));
      if (isGrown ? identity.isEmpty() : !isSame && !othersMayDiffer) {
        return Optional.empty();
      }
      if (input.kind() == InputKind.TABLE) {
        TableName name = TableName.parse(input.name());
        Optional<TableData> old =
            isGrown ? identity.flatMap(versions::load) : versions.load(input.identity());
        Optional<TableData> fresh =
            isGrown
                ? identity
                    .flatMap(consumed -> versions.compare(consumed, input.identity()))
                    .flatMap(Growths::added)
                : old;
        if (old.isEmpty() || fresh.isEmpty()) {
          return Optional.empty();
        }
        inputs.put(name, fresh.get());
        earlier.put(name, old.get());
      }
    }
    return Optional.of(new Growth(inputs, earlier, List.of(), List.of()));
  }

  /** The files that only the newer version has, if it has all of the older one. */
  private static Optional<TableData> added(VersionFiles.Comparison versions) {
    TableData before = versions.before();
    TableData now = versions.now();
    Set<String> paths = new HashSet<>();
    before.files().forEach(file -> paths.add(file.path()));
    List<DataFile> added = new ArrayList<>();
    for (DataFile file : now.files()) {
      if (!paths.remove(file.path())) {
        added.add(file);
      }
    }
    return paths.isEmpty()
            && before.schema().equals(now.schema())
            && added.stream().allMatch(file -> Files.exists(Path.of(file.path())))
        ? Optional.of(now.with(added))
        : Optional.empty();
  }
}
