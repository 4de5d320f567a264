package io.headrace.iceberg;

import static io.headrace.iceberg.TestTables.ID_AND_NAME;
import static io.headrace.iceberg.TestTables.ORDERS;
import static io.headrace.iceberg.TestTables.commit;
import static io.headrace.iceberg.TestTables.draft;
import static io.headrace.iceberg.TestTables.struct;
import static io.headrace.iceberg.TestTables.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.DataFile.Statistics;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableData;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import io.headrace.table.TableStore.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link TableStore} must do. */
abstract class TableStoreContract {
  @TempDir Path warehouse;

  /** Opens the store in that folder, as another process would. */
  protected abstract TableStore open(Path folder);

  @Test
  void aVersionIsReadBackAsItWasCommitted() {
    TableStore store = open(warehouse);
    Draft draft = draft(store, Optional.empty(), ID_AND_NAME);
    Statistics ids =
        new Statistics(80, 10, 0, Optional.empty(), Optional.of("-1"), Optional.of("900"), true);
    Statistics names =
        new Statistics(120, 10, 3, Optional.empty(), Optional.of("ada"), Optional.of("zoë"), true);
    List<DataFile> files =
        List.of(write(draft, 10, List.of(), Map.of(1, ids, 2, names)), write(draft, 20));
    String version = store.commit(draft, files);

    TableData expected = new TableData(draft.schema(), List.of(), files, true);
    assertThat(store.load(version)).isEqualTo(expected);
    assertThat(open(warehouse).load(version)).isEqualTo(expected);
    assertThat(open(warehouse).schema(version)).isEqualTo(expected.schema());
    assertThat(expected.rowCount()).isEqualTo(30);
  }

  @Test
  void filesOfAnotherSchemaAreKnownAsLongAsAnyIsThere() {
    TableStore store = open(warehouse);
    Draft first = draft(store, Optional.empty(), ID_AND_NAME);
    DataFile old = write(first, 1);
    String plain = store.commit(first, List.of(old));
    List<Column> columns =
        List.of(ID_AND_NAME.get(0), Column.of("town", ID_AND_NAME.get(1).type()));
    Map<String, String> renames = Map.of("town", "name");
    Draft renamed = store.draft(ORDERS, Optional.of(plain), columns, List.of(), renames);
    DataFile fresh = write(renamed, 2);
    String mixed = store.commit(renamed, List.of(old, fresh));
    Draft same = draft(store, Optional.of(mixed), columns);
    String stillMixed = store.commit(same, List.of(old, fresh, write(same, 3)));
    Draft whole = draft(store, Optional.of(stillMixed), columns);
    String again = store.commit(whole, List.of(write(whole, 6)));
    assertThat(List.of(plain, mixed, stillMixed, again))
        .extracting(version -> open(warehouse).load(version).isUniform())
        .containsExactly(true, false, false, true);
  }

  @Test
  void aVersionWithoutRowsIsAVersion() {
    TableStore store = open(warehouse);
    Draft first = draft(store, Optional.empty(), ID_AND_NAME);
    String empty = store.commit(first, List.of());
    String full = commit(store, Optional.of(empty), 5);
    Draft last = draft(store, Optional.of(full), ID_AND_NAME);
    String emptyAgain = store.commit(last, List.of());

    TableStore other = open(warehouse);
    assertThat(other.load(empty))
        .isEqualTo(new TableData(first.schema(), List.of(), List.of(), true));
    assertThat(other.load(full).rowCount()).isEqualTo(5);
    assertThat(other.load(emptyAgain).files()).isEmpty();
    assertThat(emptyAgain).isNotEqualTo(empty);
  }

  @Test
  void aVersionNeverChanges() {
    TableStore store = open(warehouse);
    String first = commit(store, Optional.empty(), 1);
    TableData before = open(warehouse).load(first);
    Draft next = draft(store, Optional.of(first), List.of(Column.of("other", Primitive.DATE)));
    store.commit(next, List.of(write(next, 2)));

    assertThat(open(warehouse).load(first)).isEqualTo(before);
    assertThat(store.load(first)).isEqualTo(before);
  }

  @Test
  void columnsKeepTheirIdsFromVersionToVersion() {
    TableStore store = open(warehouse);
    Draft first =
        draft(
            store,
            Optional.empty(),
            List.of(
                Column.of("a", Primitive.INT),
                struct("s", Column.of("x", Primitive.INT), Column.of("y", Primitive.STRING)),
                Column.of("b", Primitive.FLOAT)));
    String version = store.commit(first, List.of());

    Draft second =
        open(warehouse)
            .draft(
                ORDERS,
                Optional.of(version),
                List.of(
                    Column.of("new", Primitive.UUID),
                    Column.of("renamed", Primitive.DOUBLE),
                    struct("s", Column.of("z", Primitive.DATE), Column.of("x", Primitive.LONG))),
                List.of(),
                Map.of("renamed", "b"));
    String next = open(warehouse).commit(second, List.of());

    TableSchema schema = open(warehouse).load(next).schema();
    int last = first.schema().lastColumnId();
    assertThat(schema.find("renamed")).map(Column::id).isEqualTo(id(first.schema(), "b"));
    assertThat(schema.find("s")).map(Column::id).isEqualTo(id(first.schema(), "s"));
    assertThat(id(schema, "new").orElseThrow()).isGreaterThan(last);
    assertThat(fields(schema, "s").get(1).id()).isEqualTo(fields(first.schema(), "s").get(0).id());
    assertThat(fields(schema, "s").get(0).id()).isGreaterThan(last);
    assertThat(schema).isEqualTo(second.schema());
  }

  @Test
  void anIdIsNotUsedAgainAfterItsColumnIsGone() {
    TableStore store = open(warehouse);
    String first = commit(store, Optional.empty(), 1);
    Draft dropped = draft(store, Optional.of(first), List.of(Column.of("id", Primitive.LONG)));
    String second = store.commit(dropped, List.of(write(dropped, 1)));
    Draft back = draft(open(warehouse), Optional.of(second), ID_AND_NAME);

    assertThat(id(back.schema(), "name")).contains(3);
    assertThat(open(warehouse).load(second).schema().lastColumnId()).isEqualTo(2);
  }

  @Test
  void nestedTypesAreReadBack() {
    TableStore store = open(warehouse);
    Column list = Column.of("l", new ListOf(Column.of("element", Primitive.TIMESTAMPTZ)));
    Column map =
        Column.of(
            "m",
            new MapOf(
                Column.of("key", Primitive.STRING),
                Column.of("value", new ColumnType.Decimal(38, 4))));
    List<Column> all = new ArrayList<>(List.of(list, map, struct("s", list, map)));
    for (Primitive type : Primitive.values()) {
      all.add(Column.of("c_" + type, type));
    }
    Draft draft = draft(store, Optional.empty(), all);
    String version = store.commit(draft, List.of());

    assertThat(open(warehouse).load(version).schema()).isEqualTo(draft.schema());
  }

  @Test
  void partitionsAreReadBack() {
    TableStore store = open(warehouse);
    List<PartitionField> partitioning =
        List.of(
            new PartitionField(Transform.DAY, "at"),
            new PartitionField(Transform.IDENTITY, "name"),
            new PartitionField(Transform.IDENTITY, "on"),
            new PartitionField(Transform.YEAR, "on2"));
    Draft draft =
        draft(
            store,
            List.of(
                Column.of("at", Primitive.TIMESTAMP),
                Column.of("name", Primitive.STRING),
                Column.of("on", Primitive.DATE),
                Column.of("on2", Primitive.DATE),
                Column.of("at_day", Primitive.STRING)),
            partitioning);
    List<Optional<String>> values =
        List.of(
            Optional.of("20000"),
            Optional.of("a name of more than sixteen letters"),
            Optional.of("2026-02-28"),
            Optional.of("56"));
    List<Optional<String>> nulls =
        List.of(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    List<DataFile> files =
        List.of(write(draft, 1, values, Map.of()), write(draft, 2, nulls, Map.of()));
    String version = store.commit(draft, files);

    TableData data = open(warehouse).load(version);
    assertThat(data.partitioning()).isEqualTo(partitioning);
    assertThat(data.files()).isEqualTo(files);
  }

  @Test
  void partitioningMayChangeFromVersionToVersion() {
    TableStore store = open(warehouse);
    List<Column> columns =
        List.of(Column.of("at", Primitive.TIMESTAMP), Column.of("name", Primitive.STRING));
    List<PartitionField> byMonth = List.of(new PartitionField(Transform.MONTH, "at"));
    List<PartitionField> byName = List.of(new PartitionField(Transform.IDENTITY, "name"));
    Optional<String> base = Optional.empty();
    for (List<PartitionField> fields :
        List.of(byMonth, byName, List.<PartitionField>of(), byMonth)) {
      Draft draft = store.draft(ORDERS, base, columns, fields, Map.of());
      base = Optional.of(store.commit(draft, List.of()));
      assertThat(open(warehouse).load(base.get()).partitioning()).isEqualTo(fields);
    }
    // The column that the last version was partitioned by is gone, and another has its name.
    Draft replaced =
        store.draft(ORDERS, base, List.of(Column.of("at", Primitive.STRING)), List.of(), Map.of());
    String version = store.commit(replaced, List.of());
    assertThat(open(warehouse).load(version).partitioning()).isEmpty();
    assertThat(open(warehouse).load(base.get()).partitioning()).isEqualTo(byMonth);
  }

  @Test
  void aPartitionColumnMustBeThere() {
    TableStore store = open(warehouse);
    Draft draft = draft(store, ID_AND_NAME, List.of(new PartitionField(Transform.DAY, "missing")));

    assertThatThrownBy(() -> store.commit(draft, List.of()))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("Cannot partition by [day(missing)]");
  }

  @Test
  void filesOfEarlierVersionsMayBePartOfALaterOne() {
    TableStore store = open(warehouse);
    String first = commit(store, Optional.empty(), 10);
    Draft draft = draft(store, Optional.of(first), ID_AND_NAME);
    List<DataFile> files = new ArrayList<>(store.load(first).files());
    files.add(write(draft, 5));
    String second = store.commit(draft, files);

    assertThat(open(warehouse).load(second).files()).isEqualTo(files);
    assertThat(open(warehouse).load(first).rowCount()).isEqualTo(10);
  }

  @Test
  void aDataFileMustBeThereAndAsLongAsItIsSaidToBe() throws IOException {
    TableStore store = open(warehouse);
    Draft draft = draft(store, Optional.empty(), ID_AND_NAME);
    DataFile cut = write(draft, 10);
    Files.write(Path.of(cut.path()), new byte[9]);
    assertThatThrownBy(() -> store.commit(draft, List.of(cut)))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("Cannot commit a version of table 'shop.orders'")
        .hasMessageContaining("has 9 bytes, not 10");

    Files.delete(Path.of(cut.path()));
    assertThatThrownBy(() -> store.commit(draft, List.of(cut)))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining(cut.path());
  }

  @Test
  void reachableFilesAreAllThatAVersionNeeds() throws IOException {
    TableStore store = open(warehouse);
    String first = commit(store, Optional.empty(), 1);
    String second = commit(store, Optional.of(first), 2);
    Set<Path> needed = store.reachableFiles(second);

    assertThat(needed).contains(Path.of(second)).hasSize(4);
    assertThat(store.allFiles()).containsAll(needed).hasSize(8);
    for (Path file : store.allFiles()) {
      if (!needed.contains(file)) {
        Files.delete(file);
      }
    }
    assertThat(open(warehouse).load(second).rowCount()).isEqualTo(2);
    assertThat(open(warehouse).reachableFiles(second)).isEqualTo(needed);
  }

  @Test
  void nothingIsThereBeforeTheFirstTable() {
    assertThat(open(warehouse.resolve("new")).allFiles()).isEmpty();
  }

  @Test
  void eachFileOfTheMetadataThatIsMissingOrCutIsAnError() throws IOException {
    String version = commit(open(warehouse), Optional.empty(), 7);
    for (Path file : open(warehouse).reachableFiles(version)) {
      if (file.toString().endsWith(".parquet")) {
        continue;
      }
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      assertUnreadable(version, "missing");
      for (int length : new int[] {0, 1, content.length / 2, content.length - 1}) {
        Files.write(file, java.util.Arrays.copyOf(content, length));
        assertUnreadable(version, "");
      }
      Files.write(file, content);
    }
    assertThat(open(warehouse).load(version).rowCount()).isEqualTo(7);
  }

  private void assertUnreadable(String version, String reason) {
    assertThatThrownBy(() -> open(warehouse).load(version))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("Cannot read version '%s'".formatted(version))
        .hasMessageContaining(reason)
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Run `headrace doctor`");
  }

  @Test
  void manyThreadsMayWriteOneTable() throws Exception {
    TableStore store = open(warehouse);
    String base = commit(store, Optional.empty(), 1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<String>> commits = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        int rows = i;
        TableStore either = i % 2 == 0 ? store : open(warehouse);
        commits.add(() -> commit(either, Optional.of(base), rows));
      }
      int rows = 1;
      for (Future<String> version : threads.invokeAll(commits)) {
        assertThat(open(warehouse).load(version.get()).rowCount()).isEqualTo(rows++);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Optional<Integer> id(TableSchema schema, String name) {
    return schema.find(name).map(Column::id);
  }

  private static List<Column> fields(TableSchema schema, String name) {
    return ((ColumnType.StructOf) schema.find(name).orElseThrow().type()).fields();
  }
}
