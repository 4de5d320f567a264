package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore.Draft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tables in a folder, without a catalog. */
record Warehouse(Session session, Path data) {
  private static final TableName NAME = new TableName("", "t");

  /** What a query returns, as a version of a table. */
  TableData write(String sql, PartitionField... partitioning) {
    return write(new Query.Select(sql), List.of(partitioning));
  }

  TableData write(Query query, List<PartitionField> partitioning) {
    List<Column> columns = session.describe(query, Cancellation.never());
    TableSchema schema = SchemaEvolution.evolve(Optional.empty(), columns, Map.of());
    return write(query, schema, partitioning);
  }

  TableData write(Query query, TableSchema schema, List<PartitionField> partitioning) {
    Draft draft = draft(schema, partitioning);
    List<DataFile> files = session.write(query, draft, Cancellation.never());
    return new TableData(schema, partitioning, files, true);
  }

  Draft draft(TableSchema schema, List<PartitionField> partitioning) {
    return new Draft(NAME, Optional.empty(), schema, partitioning, data);
  }

  /** The rows of a query, as text. */
  List<String> rows(String sql) {
    Session.Rows rows =
        session.query(new Query.Select(sql), Long.MAX_VALUE - 1, Cancellation.never());
    return rows.values().stream().map(List::toString).toList();
  }

  /** The rows of a version, as text. */
  List<String> rows(TableData table) {
    session.bind(NAME, table);
    return rows("FROM t");
  }

  List<Path> files() {
    try (Stream<Path> files = Files.list(data)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
