package io.headrace.run;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.graph.Node;
import io.headrace.incremental.Growth;
import io.headrace.incremental.PartialBuild;
import io.headrace.plan.Queries;
import io.headrace.project.Task;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionSlice;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableData;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Has the engine compute and write the rows of a task, all of them or a part. */
final class RowWriter {
  private final Path root;
  private final Engine engine;
  private final Session session;

  /**
   * @param session in which the inputs of tasks are bound
   */
  RowWriter(Path root, Engine engine, Session session) {
    this.root = root;
    this.engine = engine;
    this.session = session;
  }

  /**
   * Rows that were written.
   *
   * @param kept the files of the version before that stay
   * @param replaced those that do not; empty if nothing of it was looked at
   * @param written new files
   * @param differ whether it is known that the replaced rows are not the written ones
   */
  record Rows(
      List<DataFile> kept,
      Optional<List<DataFile>> replaced,
      List<DataFile> written,
      boolean differ) {

    /** The files that the table consists of. */
    List<DataFile> all() {
      List<DataFile> all = new ArrayList<>(kept);
      all.addAll(written);
      return all;
    }
  }

  Rows write(
      Node node,
      Query query,
      Optional<PartialBuild> partial,
      TableStore.Draft draft,
      Cancellation cancel) {
    if (partial.isEmpty()) {
      return new Rows(List.of(), Optional.empty(), session.write(query, draft, cancel), false);
    }
    if (partial.get() instanceof PartialBuild.Partitions some) {
      List<DataFile> written =
          inside(query, some.slices(), draft, cancel)
              .map(part -> session.write(part, some.slices(), draft, cancel))
              .orElse(List.of());
      return new Rows(some.kept(), Optional.of(some.replaced()), written, false);
    }
    if (partial.get() instanceof PartialBuild.Append append && append.growth().inputs().isEmpty()) {
      return append(node, append, session, draft, cancel);
    }
    // Elsewhere in this run, the input's name means all of its rows.
    try (Session own = engine.open(root)) {
      if (partial.get() instanceof PartialBuild.Append append) {
        return append(node, append, own, draft, cancel);
      }
      return partial.get() instanceof PartialBuild.Keyed keyed
          ? update(node, keyed, own, draft, cancel)
          : compare(node, (PartialBuild.State) partial.get(), own, draft, cancel);
    }
  }

  /**
   * The query with no more files than may have rows of some partitions; empty if none has. Parquet
   * files only: what the columns of others are is guessed from all of them.
   */
  private Optional<Query> inside(
      Query query, List<PartitionSlice> slices, TableStore.Draft draft, Cancellation cancel) {
    if (!(query instanceof Query.FileScan scan) || scan.format() != Query.Format.PARQUET) {
      return Optional.of(query);
    }
    List<Path> files =
        scan.files().stream()
            .filter(file -> slices.stream().allMatch(slice -> mayBeIn(slice, file, scan)))
            .toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    Query part = scan.with(files);
    TableSchema schema = draft.schema();
    List<Column> columns = session.describe(part, cancel);
    boolean isAlike = SchemaEvolution.evolve(Optional.of(schema), columns, Map.of()).equals(schema);
    return Optional.of(isAlike ? part : query);
  }

  private static boolean mayBeIn(PartitionSlice slice, Path file, Query.FileScan scan) {
    return slice.field().transform() != PartitionField.Transform.IDENTITY
        || scan.pathColumns().stream()
            .filter(column -> column.name().equals(slice.field().column()))
            .flatMap(column -> column.valueOf(file.toString()).stream())
            .allMatch(slice.values()::contains);
  }

  private static Rows append(
      Node node,
      PartialBuild.Append append,
      Session own,
      TableStore.Draft draft,
      Cancellation cancel) {
    append.growth().inputs().forEach(own::bind);
    Optional<Query> query = query(node, append.growth().files());
    List<DataFile> written = query.map(q -> own.write(q, draft, cancel)).orElse(List.of());
    return new Rows(append.kept(), Optional.of(List.of()), written, !written.isEmpty());
  }

  private static Rows update(
      Node node,
      PartialBuild.Keyed keyed,
      Session own,
      TableStore.Draft draft,
      Cancellation cancel) {
    Growth growth = keyed.growth();
    try (KeyedUpdate update = own.update(keyed.rule(), keyed.before(), draft, cancel)) {
      growth.inputs().forEach(own::bind);
      query(node, growth.files()).ifPresent(update::add);
      growth.earlier().forEach(own::bind);
      query(node, growth.earlierFiles()).ifPresent(update::addEarlier);
      return rows(keyed.before(), update.write());
    }
  }

  private static Rows compare(
      Node node,
      PartialBuild.State state,
      Session own,
      TableStore.Draft draft,
      Cancellation cancel) {
    try (KeyedUpdate update = own.update(state.rule(), state.before(), draft, cancel)) {
      state.inputs().forEach(own::bind);
      Query rows = Queries.rows(node, List.of());
      update.addState(
          new Query.Stamped(rows, KeyRule.VALID_FROM, state.moment()), state.missingIsGone());
      return rows(state.before(), update.write());
    }
  }

  private static Rows rows(TableData before, KeyedUpdate.Written written) {
    Set<DataFile> replaced = new HashSet<>(written.replaced());
    List<DataFile> kept = before.files().stream().filter(file -> !replaced.contains(file)).toList();
    boolean differ = !written.replaced().isEmpty() || !written.files().isEmpty();
    return new Rows(kept, Optional.of(written.replaced()), written.files(), differ);
  }

  /** The rows that the task makes of some files, or of what is bound; empty if there is nothing. */
  private static Optional<Query> query(Node node, List<Path> files) {
    return node.task().body() instanceof Task.Sql || !files.isEmpty()
        ? Optional.of(Queries.rows(node, files))
        : Optional.empty();
  }
}
