package io.headrace.incremental;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.connector.Position;
import io.headrace.engine.Engine;
import io.headrace.error.HeadraceException;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds builds that need not compute all partitions of a table: those where code and configuration
 * are the same, some inputs changed in some of their partitions, and it is proven that such a
 * change stays inside of the same partitions. What cannot be proven is built whole. Safe for many
 * threads.
 */
public final class PartialBuilds {
  private final Versions versions;
  private final VersionFiles files;
  private final TableStore tables;
  private final Growths growths;
  private final PartitionChanges changes;

  public PartialBuilds(Path root, Catalog catalog, TableStore tables, Engine engine) {
    this.versions = catalog.versions();
    this.files = new VersionFiles(versions, catalog.rewrites(), tables);
    this.tables = tables;
    this.growths = new Growths(root, files);
    this.changes = new PartitionChanges(files, engine);
  }

  /**
   * Looks for one.
   *
   * @param recipe of the version that is to be built
   * @param before the version that it will replace
   * @param draft with the schema and partitioning that it will have
   * @param moment at which the inputs are as they are
   * @param staged the rows that are new to a source in an outside system, as {@link #startOf} says
   * @throws NotAppendedException if an input changed other than by new rows, and the table refuses
   *     that
   * @throws HeadraceException if the recipe goes on from a version, and that cannot be
   */
  public Optional<PartialBuild> find(
      Node node,
      Recipe recipe,
      Version before,
      TableStore.Draft draft,
      Instant moment,
      List<Path> staged) {
    Optional<Task.Incremental> how = node.task().configuration().incremental();
    if ((draft.partitioning().isEmpty() && how.isEmpty()) || !recipe.unidentified().isEmpty()) {
      return Optional.empty();
    }
    boolean isForward = isForward(recipe, before);
    List<Recipe> starts = starts(recipe, before);
    Optional<PartialBuild> found =
        starts.stream()
            .map(was -> find(node, recipe, was, before, isForward, draft, moment, staged))
            .flatMap(Optional::stream)
            .findFirst();
    if (found.isEmpty() && recipe.before().isPresent()) {
      throw new HeadraceException(
          "'%s' keeps rows that its code does not make, and %s"
              .formatted(
                  node.name(),
                  node.task().keepsStates()
                      ? "it cannot go on from them: they are partitioned otherwise, or damaged"
                      : "its inputs changed other than by new rows"),
          "`--refresh=%1$s` makes all rows by the code of now; `--forward=%1$s` keeps those that are there"
              .formatted(node.name()));
    }
    if (found.isEmpty() && !starts.isEmpty() && how.map(Task.Incremental::refuse).orElse(false)) {
      String input = how.flatMap(Task.Incremental::input).orElse(node.name()).toString();
      throw new NotAppendedException(node.name(), input);
    }
    return found;
  }

  private static boolean isForward(Recipe recipe, Version before) {
    return recipe.before().equals(Optional.of(before.id()));
  }

  /** The recipes of a version that a build by {@code recipe} can start from. */
  private List<Recipe> starts(Recipe recipe, Version before) {
    return versions.recipes(before.id()).stream()
        .filter(was -> isForward(recipe, before) || isContinued(was, recipe))
        .toList();
  }

  /** Whether a version of one recipe is a place to start from for the other. */
  private static boolean isContinued(Recipe was, Recipe is) {
    return was.hasCodeOf(is) && was.unidentified().isEmpty() && was.before().equals(is.before());
  }

  private Optional<PartialBuild> find(
      Node node,
      Recipe recipe,
      Recipe was,
      Version before,
      boolean isForward,
      TableStore.Draft draft,
      Instant moment,
      List<Path> staged) {
    Optional<Task.Incremental> how = node.task().configuration().incremental();
    try {
      TableData old = tables.load(before.metadataLocation());
      boolean isAlike = old.schema().equals(draft.schema()) || isForward;
      if (!isAlike || !old.partitioning().equals(draft.partitioning())) {
        return Optional.empty();
      }
      if (how.isPresent()) {
        // Files are read by the ids of columns, which the draft took over.
        TableData evolved =
            old.schema().equals(draft.schema())
                ? old
                : new TableData(draft.schema(), draft.partitioning(), old.files());
        if (how.get() instanceof Task.Snapshots snapshots) {
          return state(snapshots, evolved, recipe, moment);
        }
        Optional<Growth> found =
            staged.isEmpty()
                ? growths.find(node, how.get(), was, recipe, isForward)
                : Optional.of(new Growth(Map.of(), Map.of(), staged, List.of()));
        return found.map(growth -> of(how.get(), evolved, growth));
      }
      return changes.find(node, was, recipe, old);
    } catch (HeadraceException e) {
      // Something that was there is damaged or gone: then there is nothing to start from.
      return Optional.empty();
    }
  }

  private Optional<PartialBuild> state(
      Task.Snapshots how, TableData before, Recipe is, Instant moment) {
    Map<TableName, TableData> inputs = new HashMap<>();
    for (Input input : is.reads()) {
      if (input.kind() == InputKind.TABLE) {
        Optional<TableData> data = files.load(input.identity());
        if (data.isEmpty()) {
          return Optional.empty();
        }
        inputs.put(TableName.parse(input.name()), data.get());
      }
    }
    return Optional.of(
        new PartialBuild.State(before, inputs, how.keyRule(), moment, how.missingIsGone()));
  }

  /**
   * The positions behind which the rows of a source in an outside system are new to a table that
   * takes in what is new, if that source did nothing but grow.
   *
   * @throws NotAppendedException if it changed otherwise, and the table refuses that
   */
  public Optional<List<Position>> startOf(Node node, Recipe recipe, Version before) {
    Optional<Task.Incremental> how = node.task().configuration().incremental();
    if (how.isEmpty()) {
      return Optional.empty();
    }
    List<Position> now = Recipes.positions(recipe);
    List<Recipe> starts = starts(recipe, before);
    Optional<List<Position>> found =
        Position.furthest(
            starts.stream().map(Recipes::positions).filter(was -> Position.onlyGrew(was, now)));
    if (found.isEmpty() && !starts.isEmpty() && how.get().refuse()) {
      throw new NotAppendedException(node.name(), node.name().toString());
    }
    return found;
  }

  /**
   * What is new to a source that takes in what is new.
   *
   * @param files one or more
   * @param schema of the version before; if the new files have the same, so have all together
   */
  public record NewFiles(List<Path> files, TableSchema schema) {
    public NewFiles {
      files = List.copyOf(files);
    }
  }

  /** The new files of a source that did nothing but grow. */
  public Optional<NewFiles> newFiles(Node node, Recipe recipe, Version before) {
    boolean mayGrow =
        node.task().configuration().incremental().isPresent()
            && !(node.task().body() instanceof Task.Sql)
            && recipe.unidentified().isEmpty();
    if (!mayGrow) {
      return Optional.empty();
    }
    try {
      return starts(recipe, before).stream()
          .flatMap(was -> growths.files(was, recipe).stream())
          .map(Growth::files)
          .filter(added -> !added.isEmpty())
          .findFirst()
          .map(added -> new NewFiles(added, tables.load(before.metadataLocation()).schema()));
    } catch (HeadraceException e) {
      // As above.
      return Optional.empty();
    }
  }

  private static PartialBuild of(Task.Incremental how, TableData before, Growth growth) {
    return how instanceof Task.Keyed keyed
        ? new PartialBuild.Keyed(before, growth, keyed.keyRule())
        : new PartialBuild.Append(before.files(), growth);
  }
}
