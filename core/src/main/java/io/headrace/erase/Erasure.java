package io.headrace.erase;

import io.headrace.bytes.FileTrees;
import io.headrace.catalog.Erasures.Replacement;
import io.headrace.catalog.Erasures.Replacements;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session;
import io.headrace.erase.Found.Affected;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.fingerprint.Recipes;
import io.headrace.identity.Hash;
import io.headrace.rewrite.Rewriter;
import io.headrace.run.LiveRuns;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import io.headrace.workspace.AliveFile;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;

/**
 * Takes rows out of every version of some tables. A version with fewer rows is another version, and
 * takes the place of the old one in every environment, its history and pins; other tables that were
 * made from the old one are built again by the next run. The old files are garbage at once.
 */
public final class Erasure {
  private final Workspace workspace;
  private final TableStore tables;

  public Erasure(Workspace workspace) {
    this.workspace = workspace;
    this.tables = workspace.tables();
  }

  /**
   * Looks for the rows; changes nothing.
   *
   * @throws io.headrace.error.UsageException if the condition cannot be asked of a table
   */
  public Found find(SortedSet<TableName> names, String condition, Cancellation cancel) {
    return new Search(workspace, condition, cancel).find(names);
  }

  /**
   * Erases what was found, all of it or nothing, and deletes the logs of runs, which may show rows.
   * The next {@code gc} deletes the old files.
   *
   * @throws ConflictException if a run is alive or a table has changed since; nothing was erased
   */
  public void erase(Found found, Cancellation cancel) {
    if (LiveRuns.oldestAlive(workspace).isPresent()) {
      throw new ConflictException(
          "Cannot erase rows: a run or other work is alive, which may be reading them",
          "Try again when it is over");
    }
    String erasure = UUID.randomUUID().toString();
    try (AliveFile alive = LiveRuns.enter(workspace, "erase-" + erasure)) {
      List<Replacement> replaced = rewrite(found, erasure, cancel);
      cancel.throwIfRequested();
      workspace
          .catalog()
          .erasures()
          .apply(
              new Replacements(found.tables(), found.seen(), replaced),
              (table, recipe) -> Recipes.fingerprint(table, recipe, ""),
              workspace.clock().instant());
      deleteLogs();
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot finish erasing: %s".formatted(e.getMessage()),
          "The rows are erased; delete '%s' yourself, which may show some"
              .formatted(workspace.stateFolder().resolve("runs")),
          e);
    }
  }

  private List<Replacement> rewrite(Found found, String erasure, Cancellation cancel) {
    List<Replacement> replaced = new ArrayList<>();
    try (Session session = workspace.engine().open(workspace.root())) {
      for (TableName table : found.tables()) {
        Optional<Version> newest =
            found.seen().stream().filter(v -> v.table().equals(table)).reduce((a, b) -> b);
        if (newest.isEmpty()) {
          continue;
        }
        TableSchema schema = tables.load(newest.get().metadataLocation()).schema();
        Condition condition =
            new Condition(workspace.engine(), session, table, schema, found.condition());
        Map<FileOfSchema, List<DataFile>> rewritten = new HashMap<>();
        for (Affected affected : found.affected()) {
          if (affected.version().table().equals(table)) {
            replaced.add(replace(affected, condition, session, rewritten, erasure, cancel));
          }
        }
      }
    }
    return replaced;
  }

  /** A file that versions share is written once, if they have the same columns. */
  private record FileOfSchema(String path, TableSchema schema) {}

  private Replacement replace(
      Affected affected,
      Condition condition,
      Session session,
      Map<FileOfSchema, List<DataFile>> rewritten,
      String erasure,
      Cancellation cancel) {
    Version version = affected.version();
    TableData data = tables.load(version.metadataLocation());
    TableStore.Draft draft =
        tables.draft(
            version.table(),
            Optional.of(version.metadataLocation()),
            data.schema().columns(),
            data.partitioning(),
            Map.of());
    TableSchema readable = condition.readable(data.schema()).orElseThrow();
    Rewriter rewriter = new Rewriter(session, draft, readable);
    Map<String, Long> counts = condition.count(data, cancel);
    List<DataFile> files = new ArrayList<>();
    for (DataFile file : data.files()) {
      if (!counts.containsKey(file.path())) {
        files.add(file);
        continue;
      }
      FileOfSchema key = new FileOfSchema(file.path(), data.schema());
      List<DataFile> fewer = rewritten.get(key);
      if (fewer == null) {
        fewer = rewriter.without(file, condition.text(), cancel);
        rewritten.put(key, fewer);
      }
      files.addAll(fewer);
    }
    TableData now = new TableData(draft.schema(), draft.partitioning(), files);
    if (data.rowCount() - now.rowCount() != affected.rows()) {
      throw new ConflictException(
          "Cannot erase rows of '%s': there were %,d, and now there are %,d"
              .formatted(version.table(), affected.rows(), data.rowCount() - now.rowCount()),
          "Nothing was erased. Give the command again");
    }
    return new Replacement(version.id(), with(version, now, tables.commit(draft, files), erasure));
  }

  private static Version with(Version version, TableData now, String location, String erasure) {
    return new Version(
        Hash.of("erase").add(version.id()).add(erasure).text(),
        version.table(),
        location,
        now.rowCount(),
        now.sizeBytes(),
        version.createdAt(),
        version.run(),
        version.recipe());
  }

  private void deleteLogs() throws IOException {
    FileTrees.delete(workspace.stateFolder().resolve("runs"));
  }
}
