package io.headrace.run;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Node;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.identity.Hash;
import io.headrace.plan.Queries;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.project.Task;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Makes one version: describes the query, lets the engine write its rows, compares them with the
 * version that they would replace, and makes them durable. Safe for many threads.
 */
final class TaskBuilder {
  private final String run;
  private final Catalog catalog;
  private final TableStore tables;
  private final Session session;
  private final Clock clock;

  TaskBuilder(String run, Catalog catalog, TableStore tables, Session session, Clock clock) {
    this.run = run;
    this.catalog = catalog;
    this.tables = tables;
    this.session = session;
    this.clock = clock;
  }

  /**
   * A version that was made.
   *
   * @param isSame whether it is the one that was there, because the rows are the same
   */
  record Made(Version version, boolean isSame) {}

  /**
   * Builds a task whose inputs are bound in the session, and records the result under its
   * fingerprint. The run holds the lease on the fingerprint.
   *
   * @param before the version that this one would replace
   * @param refresh whether a version of that fingerprint is there already, and is not to be trusted
   */
  Made build(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      Cancellation cancel) {
    Query query = Queries.of(node, resolved.files().stream().map(Identified::file).toList());
    List<Column> columns = session.describe(query, cancel);
    Task.Configuration configuration = node.task().configuration();
    TableStore.Draft draft =
        tables.draft(
            node.name(),
            before.map(Version::metadataLocation),
            columns,
            configuration.partitionBy(),
            configuration.renamed());
    List<DataFile> files = session.write(query, draft, cancel);
    for (Identified file : resolved.files()) {
      if (!file.isUnchanged()) {
        delete(files);
        throw new HeadraceException(
            "'%s' changed while it was read".formatted(file.file()),
            "Let its writer finish, and run again");
      }
    }
    TableData data = new TableData(draft.schema(), draft.partitioning(), files);
    if (before.isPresent() && isSame(before.get(), data, cancel)) {
      delete(files);
      requireLease(
          node,
          catalog
              .versions()
              .recordSame(resolved.fingerprint(), before.get().id(), resolved.recipe(), run));
      return new Made(before.get(), true);
    }
    String location = tables.commit(draft, files);
    Version version = version(node, resolved, refresh, location, data);
    requireLease(node, catalog.versions().record(resolved.fingerprint(), version, run));
    return new Made(version, false);
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
  private boolean isSame(Version before, TableData data, Cancellation cancel) {
    if (before.rowCount() != data.rowCount()) {
      return false;
    }
    try {
      TableData old = tables.load(before.metadataLocation());
      return old.schema().equals(data.schema())
          && old.partitioning().equals(data.partitioning())
          && session.sameRows(old, data, cancel);
    } catch (CancelledException e) {
      throw e;
    } catch (HeadraceException e) {
      // A damaged version is replaced, or nothing could mend it.
      return false;
    }
  }

  private static void delete(List<DataFile> files) {
    for (DataFile file : files) {
      try {
        Files.deleteIfExists(Path.of(file.path()));
      } catch (IOException e) {
        // Nothing refers to it, so that `gc` takes it.
      }
    }
  }
}
