package io.headrace.verify;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.connector.RowsGoneException;
import io.headrace.connector.Staged;
import io.headrace.diff.Differ;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.Session.Rows;
import io.headrace.error.HeadraceException;
import io.headrace.fanout.Item;
import io.headrace.fanout.Items;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Failures;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.plan.ColumnChanges;
import io.headrace.plan.Queries;
import io.headrace.plan.TornReads;
import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import io.headrace.verify.Verification.Different;
import io.headrace.verify.Verification.Failed;
import io.headrace.verify.Verification.NotComparable;
import io.headrace.verify.Verification.Result;
import io.headrace.verify.Verification.Same;
import io.headrace.workspace.Scratch;
import io.headrace.workspace.Staging;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies the versions that an environment points at: computes each again from what it was made
 * from, and compares. Publishes nothing, records nothing and leaves no files behind, however it
 * ends; if the process is killed, the next {@code gc} takes away what it had written.
 */
public final class Verifier {
  private static final int SHOWN_ROWS = 10;

  private final Workspace workspace;
  private final Graph graph;
  private final Snapshot snapshot;
  private final SourceFinder sources;

  /** Verifies {@code snapshot} against the project's queries as they are now. */
  public Verifier(Workspace workspace, Graph graph, Snapshot snapshot) {
    this.workspace = workspace;
    this.graph = graph;
    this.snapshot = snapshot;
    this.sources = new SourceFinder(workspace, snapshot);
  }

  /**
   * All tables that the project or the environment has, each after its inputs: so the first that
   * differs is where to look first. Those that no file makes any more come last.
   */
  public List<TableName> tables() {
    Set<TableName> tables = new LinkedHashSet<>();
    graph.order().forEach(node -> tables.add(node.name()));
    tables.addAll(snapshot.versions().keySet());
    return List.copyOf(tables);
  }

  /**
   * Verifies one table. What goes wrong with it is in the result.
   *
   * @throws CancelledException if {@code cancel} was requested
   */
  public Verification verify(TableName table, Cancellation cancel) {
    cancel.throwIfRequested();
    Instant began = workspace.clock().instant();
    Result result = result(table, cancel);
    Duration duration = Duration.between(began, workspace.clock().instant());
    return new Verification(table, snapshot.version(table), result, duration);
  }

  private Result result(TableName table, Cancellation cancel) {
    Optional<Node> node = graph.find(table);
    Optional<String> id = snapshot.version(table);
    if (node.isEmpty()) {
      return new NotComparable("no file makes it any more; run first");
    }
    if (id.isEmpty()) {
      return new NotComparable("it is not in '%s'; run first".formatted(snapshot.environment()));
    }
    Optional<Version> version = workspace.catalog().versions().find(id.get());
    if (version.isEmpty()) {
      return new Failed(
          "Version '%s' is pointed at, but is not in the catalog".formatted(id.get()),
          rebuildHint(table));
    }
    Optional<String> before = version.get().recipe().before();
    if (before.isPresent()) {
      return new NotComparable(
          "it goes on from version '%s', which other code made".formatted(before.get()));
    }
    if (node.get().task().keepsStates()) {
      return new NotComparable("it keeps how things were, which its inputs do not say any more");
    }
    if (!node.get().unidentified().isEmpty()) {
      Analysis.Unidentified first = node.get().unidentified().get(0);
      return new NotComparable("%s: %s".formatted(first.clause(), first.reason()));
    }
    try {
      Sources found = sources.find(node.get(), version.get());
      return found instanceof Sources.Found all
          ? rebuild(node.get(), version.get(), all, cancel)
          : new NotComparable(((Sources.Gone) found).reason());
    } catch (CancelledException e) {
      throw e;
    } catch (RowsGoneException e) {
      return new NotComparable(String.valueOf(e.getMessage()));
    } catch (HeadraceException e) {
      return new Failed(Failures.message(node.get(), e), e.hint());
    }
  }

  private Result rebuild(Node node, Version version, Sources.Found found, Cancellation cancel) {
    try (Scratch scratch = workspace.openScratch();
        Session session = workspace.engine().open(workspace.root())) {
      found
          .tables()
          .forEach(
              (name, input) ->
                  session.bind(name, workspace.tables().load(input.metadataLocation())));
      TableData rebuilt = compute(node, version, found.files(), session, scratch, cancel);
      Optional<String> torn = TornReads.find(workspace.root(), node, found.files());
      if (torn.isPresent()) {
        return new NotComparable(torn.get());
      }
      return compare(version, rebuilt, session, cancel);
    }
  }

  private TableData compute(
      Node node,
      Version version,
      List<Identified> files,
      Session session,
      Scratch scratch,
      Cancellation cancel) {
    if (!(node.task().body() instanceof Task.External external)) {
      List<Path> paths = files.stream().map(Identified::file).toList();
      return compute(node, paths, session, scratch, cancel);
    }
    try (Staging staging = Staging.open(workspace, external)) {
      Staged staged = staging.read(List.of(), Recipes.positions(version.recipe()), cancel);
      return compute(node.reading(staged), node.filesOf(staged), session, scratch, cancel);
    }
  }

  /** Has the engine write the rows as it does for a run, but to a folder of their own. */
  private static TableData compute(
      Node node, List<Path> files, Session session, Scratch scratch, Cancellation cancel) {
    Optional<Items> items = node.fanout().map(f -> Items.read(node, session, cancel));
    Query query = Queries.of(node, files, Instant.EPOCH);
    List<Column> columns =
        items.isPresent()
            ? items.get().describeTable(session, cancel)
            : session.describe(query, cancel);
    TableSchema schema = SchemaEvolution.evolve(Optional.empty(), columns, Map.of());
    TableStore.Draft draft =
        new TableStore.Draft(node.name(), Optional.empty(), schema, List.of(), scratch.folder());
    List<Query> queries =
        items.map(i -> i.list().stream().map(Item::query).toList()).orElse(List.of(query));
    List<DataFile> written = new ArrayList<>();
    queries.forEach(each -> written.addAll(session.write(each, draft, cancel)));
    return new TableData(schema, List.of(), written, true);
  }

  private Result compare(Version version, TableData rebuilt, Session session, Cancellation cancel) {
    try {
      TableData stored = workspace.tables().load(version.metadataLocation());
      if (session.sameRows(stored, rebuilt, cancel)) {
        return new Same(stored.rowCount());
      }
      Differ.Counts counts = Differ.count(session, stored, rebuilt, cancel);
      Rows first = Differ.rows(session, stored, rebuilt, List.of(), SHOWN_ROWS, cancel);
      return new Different(stored.rowCount(), counts, columnChanges(stored, rebuilt), first);
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      if (e instanceof QueryException query && query.isOutOfMemory()) {
        throw e;
      }
      return new Failed(
          "Cannot compare version '%s': %s".formatted(version.id(), e.getMessage()),
          rebuildHint(version.table()));
    }
  }

  private static List<String> columnChanges(TableData stored, TableData rebuilt) {
    List<String> changes = ColumnChanges.between(stored.schema(), rebuilt.schema());
    List<String> before = names(stored);
    List<String> after = names(rebuilt);
    return changes.isEmpty() && !before.equals(after)
        ? List.of("~ %s -> %s".formatted(String.join(", ", before), String.join(", ", after)))
        : changes;
  }

  private static List<String> names(TableData data) {
    return data.schema().columns().stream().map(Column::name).toList();
  }

  private String rebuildHint(TableName table) {
    String environment = snapshot.environment();
    return "Look at it with `headrace doctor`, and build it again with `headrace run %s--refresh %s`"
        .formatted(environment.equals(Environment.MAIN) ? "" : "--env " + environment + " ", table);
  }
}
