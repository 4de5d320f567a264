package io.headrace.table;

import static java.util.Objects.requireNonNull;

import io.headrace.table.DataFile.Statistics;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an engine needs to read one version: the schema, and the files to read by field id.
 *
 * @param schema the columns to show; a column that a file lacks is null there
 * @param partitioning empty if the table is not partitioned
 * @param files in no order that means anything; empty for a table without rows
 * @param isUniform whether all files are known to have just these columns in these types under
 *     these names, so that they need not be read by field id
 */
public record TableData(
    TableSchema schema,
    List<PartitionField> partitioning,
    List<DataFile> files,
    boolean isUniform) {
  public TableData {
    requireNonNull(schema, "schema is null");
    partitioning = List.copyOf(partitioning);
    files = List.copyOf(files);
  }

  /** Files of any age. */
  public TableData(TableSchema schema, List<PartitionField> partitioning, List<DataFile> files) {
    this(schema, partitioning, files, false);
  }

  /** Some of the files, or others of the same kind. */
  public TableData with(List<DataFile> others) {
    return new TableData(schema, partitioning, others, isUniform);
  }

  public long rowCount() {
    return files.stream().mapToLong(DataFile::rowCount).sum();
  }

  public long sizeBytes() {
    return files.stream().mapToLong(DataFile::sizeBytes).sum();
  }

  /**
   * Whether statistics alone tell that these are not the rows of another version. They seldom tell
   * of tables of several files; to be sure that rows are the same takes reading them.
   *
   * @param other with the same schema
   */
  public boolean surelyDiffersFrom(TableData other) {
    if (rowCount() != other.rowCount()) {
      return true;
    }
    if (files.size() != 1 || other.files.size() != 1) {
      return false;
    }
    SortedMap<Integer, Statistics> own = files.get(0).statistics();
    SortedMap<Integer, Statistics> others = other.files.get(0).statistics();
    return schema.columns().stream()
        .filter(column -> !column.type().holdsFloats())
        .anyMatch(column -> differ(own.get(column.id()), others.get(column.id())));
  }

  /** Bounds that occur among the values of one file, and not of the other. */
  private static boolean differ(@Nullable Statistics one, @Nullable Statistics other) {
    return one != null
        && other != null
        && one.exact()
        && other.exact()
        && (isOther(one.lower(), other.lower()) || isOther(one.upper(), other.upper()));
  }

  private static boolean isOther(Optional<String> bound, Optional<String> other) {
    return bound.isPresent() && other.isPresent() && !bound.equals(other);
  }
}
