package io.headrace.incremental;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what is new of the input that a table appends from: the data files that its version has and
 * the one before did not have. Which rows were consumed is in the recipe of the version that
 * consumed them, so that each is consumed once, whatever is killed, repeated or rolled back.
 */
final class Appends {
  private final Path root;
  private final VersionFiles versions;

  Appends(Path root, VersionFiles versions) {
    this.root = root;
    this.versions = versions;
  }

  /**
   * Looks for an input that only grew; all others must be as they were.
   *
   * @throws NotAppendedException if the input changed otherwise and the table refuses that
   */
  Optional<PartialBuild> find(Node node, Task.Append append, Recipe was, Recipe is, TableData old) {
    boolean isQuery = node.task().body() instanceof Task.Sql;
    Optional<PartialBuild> found =
        isQuery
            ? rows(append.input().orElseGet(() -> node.inputs().first()), was, is, old)
            : files(was, is, old);
    if (found.isEmpty() && append.refuse()) {
      String input = append.input().map(TableName::toString).orElse(node.name().toString());
      throw new NotAppendedException(node.name(), input);
    }
    return found;
  }

  /** New files of a source, if all that were there are there and as they were. */
  private Optional<PartialBuild> files(Recipe was, Recipe is, TableData old) {
    Identities before = new Identities(was);
    if (!new Identities(is).containsAll(before)) {
      return Optional.empty();
    }
    List<Path> added = new ArrayList<>();
    for (Input input : is.inputs()) {
      if (before.find(input).isEmpty()) {
        added.add(root.resolve(input.name()).toAbsolutePath().normalize());
      }
    }
    return Optional.of(new PartialBuild.Append(old.files(), Map.of(), added));
  }

  private Optional<PartialBuild> rows(TableName grown, Recipe was, Recipe is, TableData old) {
    Identities before = new Identities(was);
    if (!before.sameNames(new Identities(is))) {
      return Optional.empty();
    }
    Map<TableName, TableData> inputs = new HashMap<>();
    for (Input input : is.inputs()) {
      String identity = before.find(input).orElseThrow();
      TableName name = TableName.parse(input.name());
      boolean isGrown = input.kind() == InputKind.TABLE && name.equals(grown);
      if (!isGrown && !identity.equals(input.identity())) {
        return Optional.empty();
      }
      if (input.kind() == InputKind.TABLE) {
        Optional<TableData> data = versions.load(input.identity());
        Optional<TableData> read =
            isGrown ? data.flatMap(d -> versions.load(identity).flatMap(o -> added(o, d))) : data;
        if (read.isEmpty()) {
          return Optional.empty();
        }
        inputs.put(name, read.get());
      }
    }
    return Optional.of(new PartialBuild.Append(old.files(), inputs, List.of()));
  }

  /** The files that only {@code now} has, if it has all of {@code before}. */
  private static Optional<TableData> added(TableData before, TableData now) {
    Set<String> paths = new HashSet<>();
    before.files().forEach(file -> paths.add(file.path()));
    List<DataFile> added = new ArrayList<>();
    for (DataFile file : now.files()) {
      if (!paths.remove(file.path())) {
        added.add(file);
      }
    }
    return paths.isEmpty() && before.schema().equals(now.schema())
        ? Optional.of(new TableData(now.schema(), now.partitioning(), added))
        : Optional.empty();
  }
}
