package io.headrace.rewrite;

import io.headrace.catalog.Rewrite;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session;
import io.headrace.error.HeadraceException;
import io.headrace.rewrite.Compaction.Group;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableStore;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes few files of the many small ones of a version. The version keeps its name, its rows and
 * their order, so that nothing is built again; who reads it meanwhile goes on reading the old
 * files. Safe for many threads and processes: of two that compact one version, one does.
 */
public final class Compactor {
  private final Workspace workspace;
  private final TableStore tables;
  private final int leastFiles;

  public Compactor(Workspace workspace) {
    this(workspace, Compaction.LEAST_FILES);
  }

  /**
   * One that is easier or harder to please than usual.
   *
   * @param leastFiles how many small files of a partition are worth it
   */
  public Compactor(Workspace workspace, int leastFiles) {
    this.workspace = workspace;
    this.leastFiles = leastFiles;
    this.tables = workspace.tables();
  }

  /** What became of a version's files, or would. */
  public record Compacted(
      TableName table,
      String version,
      int filesBefore,
      int filesAfter,
      long bytesBefore,
      long bytesAfter) {}

  /** What is worth compacting of a version. */
  public Compaction plan(Version version) {
    return Compaction.of(tables.load(version.metadataLocation()), leastFiles);
  }

  /**
   * Says what {@link #compact} would do, except for how many bytes there will be.
   *
   * @return empty if nothing is worth compacting
   */
  public Optional<Compacted> preview(Version version) {
    TableData data = tables.load(version.metadataLocation());
    Compaction compaction = Compaction.of(data, leastFiles);
    int files = data.files().size();
    int left = files - compaction.files() + compaction.groups().size();
    return compaction.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Compacted(
                version.table(), version.id(), files, left, data.sizeBytes(), data.sizeBytes()));
  }

  /**
   * Compacts. The caller counts as alive, so that nobody collects what is not recorded yet.
   *
   * @return empty if nothing is worth compacting, or somebody else was first
   * @throws HeadraceException if it failed; the version is as it was, or if the database cannot
   *     tell, it may be compacted
   */
  public Optional<Compacted> compact(Version version, Cancellation cancel) {
    TableData data = tables.load(version.metadataLocation());
    Compaction compaction = Compaction.of(data, leastFiles);
    if (compaction.isEmpty()) {
      return Optional.empty();
    }
    TableStore.Draft draft =
        tables.draft(
            version.table(),
            Optional.of(version.metadataLocation()),
            data.schema().columns(),
            data.partitioning(),
            Map.of());
    List<DataFile> written = new ArrayList<>();
    boolean mayBeNeeded = false;
    try (Session session = workspace.engine().open(workspace.root())) {
      Rewriter writer = new Rewriter(session, draft, draft.schema());
      Map<String, List<DataFile>> replacements = new HashMap<>();
      for (Group group : compaction.groups()) {
        List<DataFile> files = writer.merge(group.files(), cancel);
        written.addAll(files);
        requireSameCount(version, group, files);
        replacements.put(group.files().get(0).path(), files);
      }
      List<DataFile> files = replace(data, compaction, replacements);
      cancel.throwIfRequested();
      String location = tables.commit(draft, files);
      TableData now = new TableData(draft.schema(), draft.partitioning(), files);
      // If that fails, it may have happened all the same; if not, `gc` takes the files.
      mayBeNeeded = true;
      mayBeNeeded = record(version, location, now.sizeBytes());
      return mayBeNeeded ? Optional.of(compacted(version, data, now)) : Optional.empty();
    } finally {
      if (!mayBeNeeded) {
        tables.discard(written);
      }
    }
  }

  /** New files stand where the first of those stood that they replace. */
  private static List<DataFile> replace(
      TableData data, Compaction compaction, Map<String, List<DataFile>> replacements) {
    Set<String> replaced = new HashSet<>();
    compaction.groups().forEach(group -> group.files().forEach(f -> replaced.add(f.path())));
    List<DataFile> files = new ArrayList<>();
    for (DataFile file : data.files()) {
      files.addAll(
          replacements.getOrDefault(
              file.path(), replaced.contains(file.path()) ? List.of() : List.of(file)));
    }
    return files;
  }

  private boolean record(Version version, String location, long sizeBytes) {
    Rewrite rewrite =
        new Rewrite(
            version.id(),
            version.table(),
            version.metadataLocation(),
            location,
            workspace.clock().instant());
    return workspace.catalog().rewrites().record(rewrite, sizeBytes);
  }

  private static void requireSameCount(Version version, Group group, List<DataFile> files) {
    long rows = new Group(files).rows();
    if (rows != group.rows()) {
      throw new HeadraceException(
          "Cannot compact '%s': %,d rows were read and %,d written"
              .formatted(version.table(), group.rows(), rows),
          "Nothing was changed. Run `headrace doctor`");
    }
  }

  private static Compacted compacted(Version version, TableData before, TableData after) {
    return new Compacted(
        version.table(),
        version.id(),
        before.files().size(),
        after.files().size(),
        before.sizeBytes(),
        after.sizeBytes());
  }
}
