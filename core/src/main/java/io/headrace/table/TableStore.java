package io.headrace.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the data and metadata files of versions. A version is never changed once committed; this
 * store does not know which versions anybody points at.
 *
 * <p>Safe for many threads and processes: every file that is written has a name of its own.
 */
public interface TableStore {

  /**
   * Prepares a version whose rows are not written yet: assigns field ids to {@code columns} and
   * makes the folder that the data files go to.
   *
   * @param base metadata location of the version that this one follows; columns keep the ids that
   *     they have there
   * @param renames old name by new name, for columns that keep their id under a new name
   */
  Draft draft(
      TableName table,
      Optional<String> base,
      List<Column> columns,
      List<PartitionField> partitioning,
      Map<String, String> renames);

  /**
   * Makes the draft with exactly {@code files} durable, data first, then metadata, and returns the
   * metadata location, which names the version for good. When this returns, a power cut loses none
   * of it; when it throws, nothing can be reached that was not before.
   */
  String commit(Draft draft, List<DataFile> files);

  /** Takes files away that were written and never committed, as far as that can be done. */
  void discard(List<DataFile> files);

  /**
   * Reads a version.
   *
   * @throws io.headrace.error.HeadraceException if its metadata is missing or damaged
   */
  TableData load(String metadataLocation);

  /**
   * Reads the columns of a version alone, which takes no longer if it has many files.
   *
   * @throws io.headrace.error.HeadraceException if its metadata is missing or damaged
   */
  TableSchema schema(String metadataLocation);

  /** Every file that the version needs, its metadata included, as absolute paths. */
  Set<Path> reachableFiles(String metadataLocation);

  /** Every file below the warehouse, whoever needs it. */
  Set<Path> allFiles();

  /** Where the tables are. */
  Path warehouse();

  /**
   * A version that is being built.
   *
   * @param base as given to {@link #draft}
   * @param schema the columns, with field ids
   * @param dataFolder where the engine writes the data files; it exists
   */
  record Draft(
      TableName table,
      Optional<String> base,
      TableSchema schema,
      List<PartitionField> partitioning,
      Path dataFolder) {}
}
