package io.headrace.incremental;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.engine.Engine;
import io.headrace.engine.Query;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the partitions of a table that its inputs' changes can reach: for each field of its
 * partitioning by itself, as far as it can be told. What is outside of one of these slices is as it
 * was, so that only what is inside of all of them is computed.
 */
final class PartitionChanges {
  /** With more changed partitions, to tell them apart costs more than it saves. */
  private static final int MOST_VALUES = 500;

  private final VersionFiles versions;
  private final Engine engine;

  PartitionChanges(VersionFiles versions, Engine engine) {
    this.versions = versions;
    this.engine = engine;
  }

  /**
   * Looks for partitions that need not be computed.
   *
   * @param old the version before, which is partitioned as the new one will be
   */
  Optional<PartialBuild> find(Node node, Recipe was, Recipe is, TableData old) {
    SortedMap<Integer, PartitionSlice> slices = new TreeMap<>();
    for (int i = 0; i < old.partitioning().size(); i++) {
      PartitionField field = old.partitioning().get(i);
      if (isExact(old.schema(), field)) {
        Optional<PartitionSlice> slice = changed(node, was, is, field);
        if (slice.isPresent()) {
          slices.put(i, slice.get());
        }
      }
    }
    return slices.isEmpty() ? Optional.empty() : split(old, slices);
  }

  /** Whether equal values are of one partition and other ones of another: 0.0 and -0.0 are not. */
  private static boolean isExact(TableSchema schema, PartitionField field) {
    return schema
        .find(field.column())
        .filter(column -> column.type() != Primitive.FLOAT && column.type() != Primitive.DOUBLE)
        .isPresent();
  }

  private static Optional<PartialBuild> split(
      TableData old, SortedMap<Integer, PartitionSlice> slices) {
    List<DataFile> kept = new ArrayList<>();
    List<DataFile> replaced = new ArrayList<>();
    for (DataFile file : old.files()) {
      boolean isOutside =
          slices.entrySet().stream()
              .anyMatch(slice -> isOutside(slice.getValue(), file.partition().get(slice.getKey())));
      (isOutside ? kept : replaced).add(file);
    }
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(new PartialBuild.Partitions(kept, replaced, List.copyOf(slices.values())));
  }

  private static boolean isOutside(PartitionSlice slice, Optional<String> value) {
    return value.filter(v -> !slice.values().contains(v)).isPresent();
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
      Optional<TableData> data = versions.load(input.identity());
      if (data.isEmpty()) {
        return Optional.empty();
      }
      schemas.put(name, data.get().schema());
      if (!identity.equals(input.identity())) {
        Optional<InputChange> change =
            versions
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
