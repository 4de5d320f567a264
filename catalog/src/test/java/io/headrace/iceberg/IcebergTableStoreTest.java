package io.headrace.iceberg;

import static io.headrace.iceberg.TestTables.ID_AND_NAME;
import static io.headrace.iceberg.TestTables.ORDERS;
import static io.headrace.iceberg.TestTables.commit;
import static io.headrace.iceberg.TestTables.draft;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.table.Column;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import io.headrace.table.TableStore.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.Test;

class IcebergTableStoreTest extends TableStoreContract {

  @Override
  protected TableStore open(Path folder) {
    return new IcebergTableStore(folder, Disk.local());
  }

  private static TableMetadata metadata(String version) {
    return TableMetadataParser.read(new DiskFileIO(Disk.local()), version);
  }

  @Test
  void fieldIdsAreNotReassigned() {
    TableStore store = open(warehouse);
    Draft made = draft(store, Optional.empty(), ID_AND_NAME);
    // Ids in no order and with gaps, as a table gets them in the course of time.
    TableSchema schema =
        new TableSchema(
            List.of(new Column(40, "id", Primitive.LONG), new Column(7, "name", Primitive.STRING)),
            51);
    String version =
        store.commit(
            new Draft(ORDERS, Optional.empty(), schema, List.of(), made.dataFolder()), List.of());

    Schema written = metadata(version).schema();
    assertThat(written.findField("id").fieldId()).isEqualTo(40);
    assertThat(written.findField("name").fieldId()).isEqualTo(7);
    assertThat(metadata(version).lastColumnId()).isEqualTo(51);
    assertThat(open(warehouse).load(version).schema()).isEqualTo(schema);
  }

  @Test
  void versionsOfATableShareItsUuidAndNoHistory() throws IOException {
    TableStore store = open(warehouse);
    String first = commit(store, Optional.empty(), 1);
    String last = first;
    for (int i = 0; i < 30; i++) {
      // The schema goes to and fro as well: what was is of no account.
      List<Column> columns = i % 2 == 0 ? ID_AND_NAME : List.of(Column.of("id", Primitive.STRING));
      List<PartitionField> partitioning =
          i % 3 == 0 ? List.of() : List.of(new PartitionField(Transform.IDENTITY, "id"));
      last =
          store.commit(
              store.draft(ORDERS, Optional.of(last), columns, partitioning, Map.of()), List.of());
      last = commit(store, Optional.of(last), 1);
    }

    TableMetadata metadata = metadata(last);
    assertThat(metadata.uuid()).isEqualTo(metadata(first).uuid());
    assertThat(metadata.formatVersion()).isEqualTo(2);
    assertThat(metadata.snapshots()).hasSize(1);
    assertThat(metadata.schemas()).hasSize(1);
    assertThat(metadata.specs()).hasSize(1);
    assertThat(metadata.previousFiles()).isEmpty();
    assertThat(metadata.snapshotLog()).hasSize(1);
    assertThat(metadata.lastSequenceNumber()).isEqualTo(31);
    assertThat(Files.size(Path.of(last)) - Files.size(Path.of(first))).isLessThan(20);
  }

  @Test
  void anotherTableHasAnotherUuid() {
    TableStore store = open(warehouse);
    assertThat(metadata(commit(store, Optional.empty(), 1)).uuid())
        .isNotEqualTo(metadata(commit(store, Optional.empty(), 1)).uuid());
  }

  @Test
  void partitionFieldsKeepTheirIdsAndNeverShareOne() {
    TableStore store = open(warehouse);
    List<Column> columns =
        List.of(Column.of("at", Primitive.TIMESTAMP), Column.of("name", Primitive.STRING));
    PartitionField byDay = new PartitionField(Transform.DAY, "at");
    PartitionField byName = new PartitionField(Transform.IDENTITY, "name");

    String day = commitPartitioned(store, Optional.empty(), columns, List.of(byDay));
    String both = commitPartitioned(store, Optional.of(day), columns, List.of(byName, byDay));
    String none = commitPartitioned(store, Optional.of(both), columns, List.of());
    String name = commitPartitioned(store, Optional.of(none), columns, List.of(byName));

    assertThat(fieldIds(day)).isEqualTo(Map.of("at_day", 1000));
    assertThat(fieldIds(both)).isEqualTo(Map.of("name", 1001, "at_day", 1000));
    assertThat(fieldIds(none)).isEmpty();
    assertThat(fieldIds(name)).isEqualTo(Map.of("name", 1002));
  }

  private static String commitPartitioned(
      TableStore store,
      Optional<String> base,
      List<Column> columns,
      List<PartitionField> partitioning) {
    return store.commit(store.draft(ORDERS, base, columns, partitioning, Map.of()), List.of());
  }

  private static Map<String, Integer> fieldIds(String version) {
    PartitionSpec spec = metadata(version).spec();
    return spec.fields().stream()
        .collect(
            java.util.stream.Collectors.toMap(field -> field.name(), field -> field.fieldId()));
  }

  @Test
  void otherProgramsAreToldNotToDeleteFiles() {
    assertThat(metadata(commit(open(warehouse), Optional.empty(), 1)).properties())
        .containsEntry("gc.enabled", "false");
  }

  @Test
  void tablesAreInAFolderOfTheirOwn() {
    Path version = Path.of(commit(open(warehouse), Optional.empty(), 1));
    assertThat(warehouse.relativize(version).toString()).startsWith("shop.orders/metadata/00000-");
    assertThat(metadata(version.toString()).location())
        .isEqualTo("file://" + warehouse.resolve("shop.orders"));
  }

  @Test
  void aVersionThatWasJustCommittedIsLoadedWithoutReading() throws IOException {
    TableStore store = open(warehouse);
    String version = commit(store, Optional.empty(), 3);
    for (Path file : store.allFiles()) {
      Files.delete(file);
    }
    assertThat(store.load(version).rowCount()).isEqualTo(3);
  }
}
