package io.headrace.iceberg;

import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.DataFile.Statistics;
import io.headrace.table.PartitionField;
import io.headrace.table.TableName;
import io.headrace.table.TableStore;
import io.headrace.table.TableStore.Draft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Small tables whose data files hold no Parquet: a table store never looks inside. */
final class TestTables {
  static final TableName ORDERS = TableName.parse("shop.orders");
  static final List<Column> ID_AND_NAME =
      List.of(Column.of("id", Primitive.LONG), Column.of("name", Primitive.STRING));

  private TestTables() {}

  static Draft draft(TableStore store, Optional<String> base, List<Column> columns) {
    return store.draft(ORDERS, base, columns, List.of(), Map.of());
  }

  static Draft draft(TableStore store, List<Column> columns, List<PartitionField> partitioning) {
    return store.draft(ORDERS, Optional.empty(), columns, partitioning, Map.of());
  }

  /** Writes a file of that many bytes and says that it has as many rows. */
  static DataFile write(Draft draft, int rows) {
    return write(draft, rows, List.of(), Map.of());
  }

  static DataFile write(
      Draft draft,
      int rows,
      List<Optional<String>> partition,
      Map<Integer, Statistics> statistics) {
    Path file = draft.dataFolder().resolve(UUID.randomUUID() + ".parquet");
    try {
      Files.write(file, new byte[rows]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DataFile(file.toString(), rows, rows, partition, statistics);
  }

  /** Commits a version of {@link #ID_AND_NAME} with one file of that many rows. */
  static String commit(TableStore store, Optional<String> base, int rows) {
    Draft draft = draft(store, base, ID_AND_NAME);
    return store.commit(draft, List.of(write(draft, rows)));
  }

  static Column struct(String name, Column... fields) {
    return Column.of(name, new ColumnType.StructOf(List.of(fields)));
  }
}
