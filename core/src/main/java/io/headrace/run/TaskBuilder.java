package io.headrace.run;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Version;
import io.headrace.connector.Position;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Node;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.identity.Hash;
import io.headrace.incremental.PartialBuild;
import io.headrace.incremental.PartialBuilds;
import io.headrace.plan.ColumnChanges;
import io.headrace.plan.Queries;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.plan.TornReads;
import io.headrace.project.Task;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableData;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import io.headrace.table.Widening;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one version: describes the query, lets the engine write its rows, compares them with the
 * version that they would replace, and makes them durable. Safe for many threads.
 */
final class TaskBuilder {
  private final String run;
  private final Path root;
  private final Catalog catalog;
  private final TableStore tables;
  private final Session session;
  private final Clock clock;
  private final PartialBuilds partials;
  private final RowWriter writer;
  private final Moments moments;

  TaskBuilder(RunContext context) {
    Workspace workspace = context.workspace();
    this.run = context.run();
    this.root = workspace.root();
    this.catalog = workspace.catalog();
    this.tables = workspace.tables();
    this.session = context.session();
    this.clock = workspace.clock();
    this.partials = new PartialBuilds(root, catalog, tables, context.engine());
    this.moments = new Moments(catalog.versions(), tables, clock);
    this.writer = new RowWriter(root, context.engine(), session);
  }

  /**
   * A version that was made.
   *
   * @param isSame whether it is the one that was there, because the rows are the same
   * @param part what was computed of it, in words; empty if all of it
   */
  record Made(Version version, boolean isSame, String part) {}

  /**
   * Rows that were computed and written, and are not durable yet.
   *
   * @param same the version that is there already and has the same rows, if it does
   * @param part as of {@link Made}
   */
  record Computed(
      Node node,
      Resolved resolved,
      boolean refresh,
      TableStore.Draft draft,
      List<DataFile> files,
      Optional<Version> same,
      String part) {}

  /**
   * Computes a task whose inputs are bound in the session. The run holds the lease on the
   * fingerprint.
   *
   * @param before the version that this one would replace
   * @param refresh whether a version of that fingerprint is there already, and is not to be trusted
   */
  Computed compute(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      Cancellation cancel) {
    List<Path> files = resolved.files().stream().map(Identified::file).toList();
    return compute(node, resolved, before, refresh, files, List.of(), cancel);
  }

  /** As {@link PartialBuilds#startOf}. */
  Optional<List<Position>> startOf(Node node, Recipe recipe, Version before) {
    return partials.startOf(node, recipe, before);
  }

  /** Whether new rows have the columns of the version that they would be added to. */
  boolean hasSchemaOf(Version before, Node reading, List<Path> files, Cancellation cancel) {
    TableSchema schema = tables.load(before.metadataLocation()).schema();
    List<Column> columns = session.describe(Queries.of(reading, files, Instant.EPOCH), cancel);
    return SchemaEvolution.evolve(
            Optional.of(schema), columns, reading.task().configuration().renamed())
        .equals(schema);
  }

  /**
   * Computes a task from files, if it is no query.
   *
   * @param staged those of them that are new to a thing in an outside system, if others were read
   *     before
   */
  Computed compute(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      List<Path> files,
      List<Path> staged,
      Cancellation cancel) {
    Instant moment = moments.of(node, resolved.recipe(), before);
    Query query = Queries.of(node, files, moment);
    Optional<Version> base = refresh ? Optional.empty() : before;
    Described described = describe(node, resolved, base, query, cancel);
    Task.Configuration configuration = node.task().configuration();
    TableStore.Draft draft =
        tables.draft(
            node.name(),
            before.map(Version::metadataLocation),
            described.columns(),
            configuration.partitionBy(),
            configuration.renamed());
    base.ifPresent(old -> requireNoDrift(node, resolved, old, draft));
    Optional<PartialBuild> partial =
        base.filter(old -> described.mayBePartial())
            .flatMap(old -> partials.find(node, resolved.recipe(), old, draft, moment, staged));
    if (!staged.isEmpty() && partial.isEmpty()) {
      // What was read are the new rows alone: they must not pass for the table.
      throw new HeadraceException(
          "the version that is there cannot be gone on from",
          "Make the table again with `headrace run --refresh=%s`".formatted(node.name()));
    }
    String part = partial.map(PartialBuild::toString).orElse("");
    RowWriter.Rows rows = writer.write(node, query, partial, draft, cancel);
    Optional<String> torn = TornReads.find(root, node, resolved.files());
    if (torn.isPresent()) {
      tables.discard(rows.written());
      throw new HeadraceException(torn.get(), "Let its writer finish, and run again");
    }
    // A version that goes on from another by new code says so, even if no row is new.
    boolean isForward =
        !node.task().keepsStates()
            && resolved.recipe().before().isPresent()
            && resolved.recipe().before().equals(before.map(Version::id));
    if (!isForward && before.isPresent() && isSame(before.get(), draft, rows, cancel)) {
      tables.discard(rows.written());
      return new Computed(node, resolved, refresh, draft, List.of(), before, part);
    }
    return new Computed(node, resolved, refresh, draft, rows.all(), Optional.empty(), part);
  }

  /**
   * Stops if the columns of a source are not those that its readers know, and nobody said so. New
   * columns and wider types disturb nobody.
   */
  private void requireNoDrift(
      Node node, Resolved resolved, Version before, TableStore.Draft draft) {
    boolean isSource = node.task().body() instanceof Task.Files;
    if (!isSource || !before.recipe().hasCodeOf(resolved.recipe())) {
      return;
    }
    TableSchema known = tables.schema(before.metadataLocation());
    if (!Widening.isWider(known.columns(), draft.schema().columns())) {
      throw new HeadraceException(
          "the columns of the source changed: %s"
              .formatted(String.join(", ", ColumnChanges.between(known, draft.schema()))),
          "Accept that with `headrace run --refresh=%s`, or say with `columns` which types they have"
              .formatted(node.name()));
    }
  }

  /**
   * What a query returns.
   *
   * @param mayBePartial whether what is new to a source has all of the columns
   */
  private record Described(List<Column> columns, boolean mayBePartial) {}

  /**
   * Describes the query. Of a source that grew, its new files tell the columns as long as they have
   * those that were there before: to look into all files would take longer with each.
   */
  private Described describe(
      Node node, Resolved resolved, Optional<Version> before, Query query, Cancellation cancel) {
    Optional<PartialBuilds.NewFiles> added =
        before.flatMap(old -> partials.newFiles(node, resolved.recipe(), old));
    if (added.isEmpty()) {
      return new Described(session.describe(query, cancel), true);
    }
    TableSchema schema = added.get().schema();
    List<Column> fresh =
        session.describe(Queries.of(node, added.get().files(), Instant.EPOCH), cancel);
    if (SchemaEvolution.evolve(Optional.of(schema), fresh, Map.of()).equals(schema)) {
      return new Described(fresh, true);
    }
    List<Column> all = session.describe(query, cancel);
    return new Described(all, names(fresh).containsAll(names(all)));
  }

  private static Set<String> names(List<Column> columns) {
    return columns.stream()
        .map(column -> column.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /**
   * Files that are durable already, and make a version together.
   *
   * @param rows of files that stay, and of parts, which belong to these too
   * @param part as of {@link Made}
   */
  record Assembly(TableStore.Draft draft, RowWriter.Rows rows, String part) {

    /** The size of the files whose rows may have to be compared. */
    long comparedBytes() {
      return Stream.concat(rows.replaced().stream().flatMap(List::stream), rows.written().stream())
          .mapToLong(DataFile::sizeBytes)
          .sum();
    }
  }

  /** Puts a version together from what is there. */
  Computed assemble(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      Assembly assembly,
      Cancellation cancel) {
    TableStore.Draft draft = assembly.draft();
    RowWriter.Rows rows = assembly.rows();
    Optional<Version> same = before.filter(old -> isSame(old, draft, rows, cancel));
    return new Computed(node, resolved, refresh, draft, rows.all(), same, assembly.part());
  }

  /** Makes what was computed durable and records it under its fingerprint. */
  Made keep(Computed computed) {
    Node node = computed.node();
    Resolved resolved = computed.resolved();
    if (computed.same().isPresent()) {
      Version same = computed.same().get();
      requireLease(
          node,
          catalog.versions().recordSame(resolved.fingerprint(), same.id(), resolved.recipe(), run));
      return new Made(same, true, computed.part());
    }
    TableStore.Draft draft = computed.draft();
    String location = tables.commit(draft, computed.files());
    TableData data = new TableData(draft.schema(), draft.partitioning(), computed.files());
    Version version = version(node, resolved, computed.refresh(), location, data);
    requireLease(node, catalog.versions().record(resolved.fingerprint(), version, run));
    return new Made(version, false, computed.part());
  }

  /** Whether this run built the version. */
  boolean isOwn(Version version) {
    return version.run().equals(run);
  }

  private Version version(
      Node node, Resolved resolved, boolean refresh, String location, TableData data) {
    String id =
        refresh
            ? Hash.of("refresh").add(resolved.fingerprint()).add(run).text()
            : resolved.fingerprint();
    return new Version(
        id,
        node.name(),
        location,
        data.rowCount(),
        data.sizeBytes(),
        clock.instant(),
        run,
        resolved.recipe());
  }

  private static void requireLease(Node node, boolean recorded) {
    if (!recorded) {
      throw new HeadraceException(
          "another process took over '%s', because this one did not answer for too long"
              .formatted(node.name()),
          "Run again: what the other process built is reused");
    }
  }

  /** Statistics tell most differences without reading a row; only then are the rows compared. */
  private boolean isSame(
      Version before, TableStore.Draft draft, RowWriter.Rows rows, Cancellation cancel) {
    TableData now = new TableData(draft.schema(), draft.partitioning(), rows.written(), true);
    if (rows.differ() || (rows.replaced().isEmpty() && before.rowCount() != now.rowCount())) {
      return false;
    }
    try {
      TableData old = tables.load(before.metadataLocation());
      TableData replaced = old.with(rows.replaced().orElse(old.files()));
      return old.schema().equals(now.schema())
          && old.partitioning().equals(now.partitioning())
          && !now.surelyDiffersFrom(replaced)
          && session.sameRows(replaced, now, cancel);
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      // A damaged version is replaced, or nothing could mend it.
      return false;
    }
  }
}
