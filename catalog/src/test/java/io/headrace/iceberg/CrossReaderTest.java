package io.headrace.iceberg;

import static io.headrace.iceberg.TestTables.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.table.Column;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableStore;
import io.headrace.table.TableStore.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own reader reads what the engine wrote and this store committed. */
class CrossReaderTest {
  @TempDir Path warehouse;

  @Test
  void anotherReaderSeesTheSameRows() throws SQLException, IOException {
    TableStore store = new IcebergTableStore(warehouse, Disk.local());
    Draft draft =
        draft(
            store,
            Optional.empty(),
            Map.of(),
            Column.of("id", Primitive.LONG),
            Column.of("price", new Decimal(12, 2)),
            Column.of("name", Primitive.STRING),
            Column.of("on", Primitive.DATE),
            Column.of("at", Primitive.TIMESTAMPTZ),
            Column.of("tags", new ListOf(Column.of("element", Primitive.INT))));
    String rows =
        "SELECT i::BIGINT AS id, (i * 1.5)::DECIMAL(12, 2) AS price, 'name ' || (i %% 7) AS name,"
            + " DATE '2026-01-01' + (i %% 30)::INT AS \"on\","
            + " TIMESTAMPTZ '2026-01-01 00:00:00+00' AS at, [i::INT, 7] AS tags FROM range(%d, %d) t(i)";
    List<DataFile> files =
        List.of(
            copy(draft, rows.formatted(0, 6_000), "tags: {__duckdb_field_id: 6, element: 7}"),
            copy(draft, rows.formatted(6_000, 10_000), "tags: {__duckdb_field_id: 6, element: 7}"));
    Table table = open(store.commit(draft, files));

    List<Record> read = read(table, Expressions.alwaysTrue());
    assertThat(read).hasSize(10_000);
    assertThat(read.stream().mapToLong(row -> (Long) row.getField("id")).sum())
        .isEqualTo(49_995_000L);
    assertThat(
            read.stream()
                .map(row -> (java.math.BigDecimal) row.getField("price"))
                .reduce(java.math.BigDecimal.ZERO, java.math.BigDecimal::add))
        .isEqualByComparingTo("74992500");
    assertThat(read.get(13).getField("name")).isEqualTo("name 6");
    assertThat(read.get(13).getField("tags")).isEqualTo(List.of(13, 7));
  }

  @Test
  void boundsLeadTheReaderToTheRightFiles() throws SQLException, IOException {
    TableStore store = new IcebergTableStore(warehouse, Disk.local());
    Draft draft =
        draft(
            store,
            Optional.empty(),
            Map.of(),
            Column.of("id", Primitive.LONG),
            Column.of("name", Primitive.STRING));
    String rows = "SELECT i::BIGINT AS id, 'customer number ' || i AS name FROM range(%d, %d) t(i)";
    List<DataFile> files =
        List.of(
            copy(draft, rows.formatted(0, 10)),
            copy(draft, rows.formatted(10, 20)),
            copy(draft, rows.formatted(20, 30)));
    Table table = open(store.commit(draft, files));

    assertThat(plannedFiles(table, Expressions.equal("id", 15L))).isEqualTo(1);
    assertThat(plannedFiles(table, Expressions.equal("name", "another"))).isZero();
    assertThat(plannedFiles(table, Expressions.equal("name", "customer number 15"))).isPositive();
    assertThat(read(table, Expressions.equal("name", "customer number 15"))).hasSize(1);
  }

  @Test
  void columnsAreFoundByIdAfterTheyWereRenamedAddedAndWidened() throws SQLException, IOException {
    TableStore store = new IcebergTableStore(warehouse, Disk.local());
    Draft first =
        draft(
            store,
            Optional.empty(),
            Map.of(),
            Column.of("id", Primitive.INT),
            Column.of("gone", Primitive.STRING),
            Column.of("x", Primitive.FLOAT));
    DataFile old =
        copy(first, "SELECT i::INT AS id, 'old' AS gone, 0.5::FLOAT AS x FROM range(100) t(i)");
    String base = store.commit(first, List.of(old));
    Draft second =
        draft(
            new IcebergTableStore(warehouse, Disk.local()),
            Optional.of(base),
            Map.of("number", "id", "y", "x"),
            Column.of("added", Primitive.STRING),
            Column.of("number", Primitive.LONG),
            Column.of("y", Primitive.DOUBLE));
    DataFile young =
        copy(
            second,
            "SELECT 'new' AS added, (i + 5000000000)::BIGINT AS number, 0.25::DOUBLE AS y"
                + " FROM range(50) t(i)");
    List<Record> rows =
        read(open(store.commit(second, List.of(old, young))), Expressions.alwaysTrue());

    assertThat(rows).hasSize(150);
    assertThat(rows.stream().mapToLong(row -> (Long) row.getField("number")).sum())
        .isEqualTo(4_950L + 50 * 5_000_000_000L + 1_225);
    assertThat(rows.stream().mapToDouble(row -> (Double) row.getField("y")).sum()).isEqualTo(62.5);
    assertThat(rows.stream().filter(row -> "new".equals(row.getField("added")))).hasSize(50);
    assertThat(rows.stream().filter(row -> row.getField("added") == null)).hasSize(100);
  }

  @Test
  void partitionsLeadTheReaderToTheRightFiles() throws SQLException, IOException {
    TableStore store = new IcebergTableStore(warehouse, Disk.local());
    List<Column> columns =
        List.of(Column.of("at", Primitive.TIMESTAMP), Column.of("place", Primitive.STRING));
    Draft draft =
        store.draft(
            ORDERS,
            Optional.empty(),
            columns,
            List.of(
                new PartitionField(Transform.DAY, "at"),
                new PartitionField(Transform.IDENTITY, "place")),
            Map.of());
    List<DataFile> files = new ArrayList<>();
    for (int day = 1; day <= 3; day++) {
      DataFile file =
          copy(
              draft,
              "SELECT TIMESTAMP '2026-01-%02d 12:00:00' AS at, 'here' AS place".formatted(day));
      // 2026-01-01 is day 20454.
      files.add(
          new DataFile(
              file.path(),
              file.rowCount(),
              file.sizeBytes(),
              List.of(Optional.of("" + (20_453 + day)), Optional.of("here")),
              Map.of()));
    }
    Table table = open(store.commit(draft, files));

    Expression second =
        Expressions.and(
            Expressions.greaterThanOrEqual("at", "2026-01-02T00:00:00"),
            Expressions.lessThan("at", "2026-01-03T00:00:00"));
    assertThat(plannedFiles(table, second)).isEqualTo(1);
    assertThat(read(table, second)).hasSize(1);
    assertThat(plannedFiles(table, Expressions.equal("place", "there"))).isZero();
  }

  private static Draft draft(
      TableStore store, Optional<String> base, Map<String, String> renames, Column... columns) {
    return store.draft(ORDERS, base, List.of(columns), List.of(), renames);
  }

  /** Lets the engine write the rows, with ids from the draft and what {@code nested} says. */
  private static DataFile copy(Draft draft, String rows, String... nested)
      throws SQLException, IOException {
    Path file = draft.dataFolder().resolve(UUID.randomUUID() + ".parquet");
    List<String> ids = new ArrayList<>(List.of(nested));
    for (Column column : draft.schema().columns()) {
      if (!(column.type() instanceof ListOf)) {
        ids.add("\"%s\": %d".formatted(column.name(), column.id()));
      }
    }
    String copy =
        "COPY (%s) TO '%s' (FORMAT parquet, RETURN_STATS, FIELD_IDS {%s})"
            .formatted(rows, file, String.join(", ", ids));
    try (Connection engine = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = engine.createStatement();
        ResultSet result = statement.executeQuery(copy)) {
      result.next();
      return new DataFile(
          file.toString(),
          result.getLong("count"),
          Files.size(file),
          List.of(),
          statistics(draft, (Map<?, ?>) result.getObject("column_statistics")));
    }
  }

  private static Map<Integer, DataFile.Statistics> statistics(Draft draft, Map<?, ?> columns) {
    Map<Integer, DataFile.Statistics> statistics = new java.util.HashMap<>();
    for (Column column : draft.schema().columns()) {
      if (columns.get('"' + column.name() + '"') instanceof Map<?, ?> values) {
        statistics.put(
            column.id(),
            new DataFile.Statistics(
                number(values, "column_size_bytes"),
                number(values, "num_values"),
                number(values, "null_count"),
                Optional.empty(),
                text(values, "min"),
                text(values, "max"),
                true));
      }
    }
    return statistics;
  }

  private static long number(Map<?, ?> values, String key) {
    return text(values, key).map(Long::valueOf).orElse(0L);
  }

  private static Optional<String> text(Map<?, ?> values, String key) {
    return Optional.ofNullable(values.get(key)).map(Object::toString);
  }

  private static Table open(String version) {
    DiskFileIO io = new DiskFileIO(Disk.local());
    TableMetadata metadata = TableMetadataParser.read(io, version);
    return new BaseTable(
        new MemoryOperations(metadata, io, Path.of(version)), "orders", report -> {});
  }

  private static List<Record> read(Table table, Expression filter) throws IOException {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).where(filter).build()) {
      records.forEach(rows::add);
    }
    return rows;
  }

  private static long plannedFiles(Table table, Expression filter) throws IOException {
    try (var tasks = table.newScan().filter(filter).planFiles()) {
      long files = 0;
      for (Object unused : tasks) {
        files++;
      }
      return files;
    }
  }
}
