package io.headrace.incremental;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.engine.Engine;
import io.headrace.engine.Query;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds builds that need not compute all partitions of a table: those where code and configuration
 * are the same, some inputs changed in some of their partitions, and it is proven that such a
 * change stays inside of the same partitions. What cannot be proven is built whole. Safe for many
 * threads.
 */
public final class PartialBuilds {
  /** With more changed partitions, to tell them apart costs more than it saves. */
  private static final int MOST_VALUES = 500;

  private final Versions versions;
  private final VersionFiles files;
  private final TableStore tables;
  private final Engine engine;
  private final Growths growths;

  public PartialBuilds(Path root, Catalog catalog, TableStore tables, Engine engine) {
    this.versions = catalog.versions();
    this.files = new VersionFiles(versions, catalog.rewrites(), tables);
    this.tables = tables;
    this.engine = engine;
    this.growths = new Growths(root, files);
  }

  /**
   * Looks for one.
   *
   * @param recipe of the version that is to be built
   * @param before the version that it will replace
   * @param draft with the schema and partitioning that it will have
   * @param moment at which the inputs are as they are
   * @throws NotAppendedException if an input changed other than by new rows, and the table refuses
   *     that
   * @throws HeadraceException if the recipe goes on from a version, and that cannot be
   */
  public Optional<PartialBuild> find(
      Node node, Recipe recipe, Version before, TableStore.Draft draft, Instant moment) {
    Optional<Task.Incremental> how = node.task().configuration().incremental();
    if ((draft.partitioning().isEmpty() && how.isEmpty()) || !recipe.unidentified().isEmpty()) {
      return Optional.empty();
    }
    boolean isForward = isForward(recipe, before);
    List<Recipe> starts = starts(recipe, before);
    Optional<PartialBuild> found =
        starts.stream()
            .map(was -> find(node, recipe, was, before, isForward, draft, moment))
            .flatMap(Optional::stream)
            .findFirst();
    if (found.isEmpty() && recipe.before().isPresent()) {
      throw new HeadraceException(
          "'%s' keeps rows that other code made, and its inputs changed other than by new rows"
              .formatted(node.name()),
          "`--refresh=%1$s` makes them again by the new code; `--forward=%1$s` keeps what is there now"
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
      Instant moment) {
    Optional<Task.Incremental> how = node.task().configuration().incremental();
    try {
      TableData old = tables.load(before.metadataLocation());
      boolean isAlike = old.schema().equals(draft.schema()) || isForward;
      if (!isAlike || !old.partitioning().equals(draft.partitioning())) {
        return Optional.empty();
      }
      if (how.isPresent()) {
        // Files are read by the ids of columns, which the draft took over.
        TableData evolved = new TableData(draft.schema(), draft.partitioning(), old.files());
        if (how.get() instanceof Task.Snapshots snapshots) {
          return state(snapshots, evolved, recipe, moment);
        }
        return growths
            .find(node, how.get(), was, recipe, isForward)
            .map(growth -> of(how.get(), evolved, growth));
      }
      for (int i = 0; i < draft.partitioning().size(); i++) {
        PartitionField field = draft.partitioning().get(i);
        Optional<PartitionSlice> slice =
            isExact(draft.schema(), field) ? changed(node, was, recipe, field) : Optional.empty();
        if (slice.isPresent()) {
          return split(old, i, slice.get());
        }
      }
      return Optional.empty();
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

  /** Whether equal values are of one partition and other ones of another: 0.0 and -0.0 are not. */
  private static boolean isExact(TableSchema schema, PartitionField field) {
    return schema
        .find(field.column())
        .filter(column -> column.type() != Primitive.FLOAT && column.type() != Primitive.DOUBLE)
        .isPresent();
  }

  private static Optional<PartialBuild> split(TableData old, int field, PartitionSlice slice) {
    List<DataFile> kept = new ArrayList<>();
    List<DataFile> replaced = new ArrayList<>();
    for (DataFile file : old.files()) {
      boolean stays =
          file.partition().get(field).filter(value -> !slice.values().contains(value)).isPresent();
      (stays ? kept : replaced).add(file);
    }
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(new PartialBuild.Partitions(kept, replaced, slice));
  }

  private Optional<PartitionSlice> changed(Node node, Recipe was, Recipe is, PartitionField field) {
    Optional<SortedSet<String>> values =
        node.task().body() instanceof Task.Files source
            ? changedFiles(source, was, is, field)
            : changedTables(node, was, is, field);
    return values
        .filter(found -> found.size() <= MOST_VALUES)
        .map(found -> new PartitionSlice(field, found));
  }

  /** The partitions of the files that came, went or changed, if the paths of files name them. */
  private static Optional<SortedSet<String>> changedFiles(
      Task.Files source, Recipe was, Recipe is, PartitionField field) {
    if (field.transform() != PartitionField.Transform.IDENTITY) {
      return Optional.empty();
    }
    return source.pathColumns().stream()
        .filter(column -> column.name().equals(field.column()))
        .findFirst()
        .flatMap(
            column -> {
              SortedSet<String> values = new TreeSet<>();
              for (String file : new Identities(was).differing(new Identities(is))) {
                Optional<String> value = column.valueOf(file);
                if (value.isEmpty()) {
                  return Optional.empty();
                }
                values.add(value.get());
              }
              return Optional.of(values);
            });
  }

  /** The partitions in which input tables changed, if no other partition can have changed. */
  private Optional<SortedSet<String>> changedTables(
      Node node, Recipe was, Recipe is, PartitionField field) {
    Identities before = new Identities(was);
    if (!before.sameNames(new Identities(is))) {
      return Optional.empty();
    }
    List<InputChange> changes = new ArrayList<>();
    Map<TableName, TableSchema> schemas = new HashMap<>();
    for (Input input : is.inputs()) {
      String identity = before.find(input).orElseThrow();
      if (input.kind() == InputKind.FILE) {
        if (!identity.equals(input.identity())) {
          return Optional.empty();
        }
        continue;
      }
      TableName name = TableName.parse(input.name());
      Optional<TableData> data = files.load(input.identity());
      if (data.isEmpty()) {
        return Optional.empty();
      }
      schemas.put(name, data.get().schema());
      if (!identity.equals(input.identity())) {
        Optional<InputChange> change =
            files
                .compare(identity, input.identity())
                .flatMap(both -> InputChange.of(name, both.before(), both.now(), field));
        if (change.isEmpty()) {
          return Optional.empty();
        }
        changes.add(change.get());
      }
    }
    SortedSet<String> values = new TreeSet<>();
    changes.forEach(change -> values.addAll(change.values()));
    if (values.size() > MOST_VALUES) {
      return Optional.empty();
    }
    Optional<Integer> lookback = node.task().configuration().lookback();
    if (lookback.isPresent() && field.transform().isCalendar()) {
      return Optional.of(withFollowing(values, lookback.get()));
    }
    PartitionSlice slice = new PartitionSlice(field, values);
    Query.Select query = new Query.Select(node.sql());
    boolean confined =
        changes.stream()
            .allMatch(c -> engine.isConfined(query, schemas, slice, c.table(), c.column()));
    return confined ? Optional.of(values) : Optional.empty();
  }

  /** Each of the units of time, and so many after it. */
  private static SortedSet<String> withFollowing(SortedSet<String> values, int units) {
    SortedSet<String> all = new TreeSet<>();
    for (String value : values) {
      for (long i = 0; i <= units; i++) {
        all.add(String.valueOf(Long.parseLong(value) + i));
      }
    }
    return all;
  }
}
