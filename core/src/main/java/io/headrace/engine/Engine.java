package io.headrace.engine;

import io.headrace.sql.Analysis;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Understands and executes queries. Safe for many threads; starting one is expensive, so a process
 * has one of each kind.
 */
public interface Engine extends AutoCloseable {

  /** Name and version, such as {@code duckdb 2.0.0}. */
  String identity();

  /**
   * Says of each statement what it reads, in the order given. Parses only: names are not resolved
   * and no file is opened.
   */
  List<Analysis> analyze(List<String> statements);

  /**
   * Whether a change inside of some partitions of a table changes nothing outside of the same
   * partitions of a query's result. False if it cannot be told.
   *
   * @param tables the tables that the query reads
   * @param slice the partitions of the result
   * @param input the table that changes
   * @param column of {@code input}, by which it is partitioned as the result is by the slice's
   */
  boolean isConfined(
      Query.Select query,
      Map<TableName, TableSchema> tables,
      PartitionSlice slice,
      TableName input,
      String column);

  /**
   * Opens a name space for queries. Sessions see nothing of each other and share the engine's
   * memory and threads.
   *
   * @param folder relative paths in queries start here
   */
  Session open(Path folder);

  @Override
  void close();
}
