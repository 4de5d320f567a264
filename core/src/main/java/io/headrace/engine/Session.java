package io.headrace.engine;

import io.headrace.sql.Analysis;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * A name space in which queries run. Safe for many threads; statements of several threads run at
 * the same time.
 *
 * <p>Each method that takes a {@link Query} throws {@link QueryException} if the query is wrong or
 * fails, and {@link CancelledException} if {@code cancel} was requested; neither leaves files
 * behind, and the session stays usable.
 */
public interface Session extends AutoCloseable {

  /** Makes the version readable under its name, instead of what the name meant before. */
  default void bind(TableName name, TableData data) {
    bind(name, data, Veil.NONE);
  }

  /**
   * Makes what a veil leaves of the version readable under its name. No query tells anything of
   * rows and values behind it: neither by what it returns nor by what it says when it fails. An
   * expression that fails for a row gives nothing for it.
   */
  void bind(TableName name, TableData data, Veil veil);

  /** Makes an empty table of that schema readable, for questions that need no rows. */
  void bindEmpty(TableName name, TableSchema schema);

  /**
   * Makes rows readable under a name, for tests of queries.
   *
   * @param schema the columns; those that a row lacks are null in it
   * @param rows values by column name as plain Java values: null, Boolean, Long, Double,
   *     BigDecimal, String (converted to the column's type), List, Map
   */
  void bindRows(TableName name, TableSchema schema, List<Map<String, Object>> rows);

  /**
   * The columns that the query returns, without ids, in the types that {@link #write} stores them
   * as.
   *
   * @throws QueryException also if a column has a type that tables cannot store, naming the column
   */
  List<Column> describe(Query query, Cancellation cancel);

  /**
   * Runs the query and writes its rows as Parquet files with the draft's field ids to the draft's
   * data folder, converted to the draft's types. Files are not synced yet. Returns only files that
   * hold rows.
   */
  default List<DataFile> write(Query query, TableStore.Draft draft, Cancellation cancel) {
    return write(query, List.of(), draft, cancel);
  }

  /**
   * The same for some partitions only: rows of the query that are not in all of them are left out.
   */
  List<DataFile> write(
      Query query,
      List<? extends PartitionSet> partitions,
      TableStore.Draft draft,
      Cancellation cancel);

  /**
   * Begins to bring rows into a version by their keys. Until the returned value is closed, the
   * session must not be used by others.
   *
   * @param before the version that they come into
   * @param draft with its schema and partitioning
   */
  KeyedUpdate update(KeyRule rule, TableData before, TableStore.Draft draft, Cancellation cancel);

  /** Runs the query and returns its rows, up to {@code limit} of them. */
  Rows query(Query query, long limit, Cancellation cancel);

  /** Runs the query and writes its rows to a new file. */
  void export(Query query, Path target, ExportFormat format, Cancellation cancel);

  /**
   * Where each output column of a query comes from. Tables must be bound with {@link #bindEmpty}.
   *
   * @return for each output column in order, the columns of tables that its values are computed
   *     from
   */
  SortedMap<String, Set<ColumnReference>> lineage(Query query);

  /**
   * Whether two versions hold the same rows, each as often, in whatever order, under the same
   * column names and types.
   */
  boolean sameRows(TableData a, TableData b, Cancellation cancel);

  @Override
  void close();

  /** A file format that results can be exported to. */
  enum ExportFormat {
    CSV,
    JSON,
    PARQUET,
    /**
     * CSV for programs, in UTF-8 and without a header: a value is in double quotes, which are
     * doubled within, and NULL is nothing at all.
     */
    QUOTED_CSV,
    /** A workbook of one sheet. No engine writes it itself. */
    EXCEL
  }

  /**
   * A column of a table that the query reads.
   *
   * @param table as the query's {@link Analysis.TableReference} names it
   */
  record ColumnReference(String table, String column) implements Comparable<ColumnReference> {
    @Override
    public int compareTo(ColumnReference other) {
      int byTable = table.compareTo(other.table);
      return byTable != 0 ? byTable : column.compareTo(other.column);
    }
  }

  /**
   * Rows of a result.
   *
   * @param columns names and types, the latter as the engine spells them
   * @param values each row has a value for each column: null, Boolean, Number, String, java.time
   *     values, byte[], List or Map
   * @param truncated whether the limit left rows out
   */
  record Rows(List<ResultColumn> columns, List<List<Object>> values, boolean truncated) {}

  record ResultColumn(String name, String type) {}
}
