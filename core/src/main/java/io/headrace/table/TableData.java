package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.List;

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
}
