package io.headrace.iceberg;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableStore.Draft;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileIO;

/**
 * Makes the metadata of versions. A version carries on its base's identity (UUID, ids of columns
 * and partition fields, sequence numbers) but none of its history, so that its size does not depend
 * on how many came before.
 */
final class VersionMetadata {
  private static final int FORMAT = 2;

  /** What unpartitioned tables count as their last partition field id; the first one is 1000. */
  private static final int NO_PARTITION_FIELD = 999;

  /**
   * Versions share files, so no other program may delete what it thinks its version no longer
   * needs.
   */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          TableProperties.GC_ENABLED,
          "false",
          TableProperties.METADATA_PREVIOUS_VERSIONS_MAX,
          "1",
          TableProperties.DEFAULT_FILE_FORMAT,
          "parquet");

  /** Whether all files have the columns of the schema under their names. */
  private static final String UNIFORM = "headrace.uniform";

  private VersionMetadata() {}

  static boolean isUniform(TableMetadata metadata) {
    return metadata.propertyAsBoolean(UNIFORM, false);
  }

  /** The draft's metadata, before it has any rows. */
  static TableMetadata prepare(
      Optional<TableMetadata> base, Draft draft, Path table, boolean isUniform) {
    Schema schema = Schemas.toIceberg(draft.schema());
    TableMetadata.Builder builder =
        base.isPresent()
            ? TableMetadata.buildFrom(base.get())
                .removeSnapshots(base.get().snapshots())
                .setPreviousFileLocation(null)
            : TableMetadata.buildFromEmpty(FORMAT).assignUUID();
    builder
        .setLocation(Layout.toLocation(table))
        .setCurrentSchema(schema, draft.schema().lastColumnId())
        .setDefaultPartitionSpec(
            Partitions.toSpec(
                schema,
                draft.partitioning(),
                base.map(TableMetadata::spec).orElse(PartitionSpec.unpartitioned()),
                base.map(TableMetadata::lastAssignedPartitionId).orElse(NO_PARTITION_FIELD)))
        .setDefaultSortOrder(SortOrder.unsorted())
        .setProperties(PROPERTIES)
        .setProperties(Map.of(UNIFORM, String.valueOf(isUniform)));
    TableMetadata grown = builder.discardChanges().build();
    return requireNonNull(withoutHistory(grown));
  }

  private static TableMetadata withoutHistory(TableMetadata metadata) {
    TableMetadata.Builder builder = TableMetadata.buildFrom(metadata).setPreviousFileLocation(null);
    Set<Integer> schemas =
        metadata.schemas().stream()
            .map(Schema::schemaId)
            .filter(id -> id != metadata.currentSchemaId())
            .collect(Collectors.toSet());
    Set<Integer> specs =
        metadata.specs().stream()
            .map(PartitionSpec::specId)
            .filter(id -> id != metadata.defaultSpecId())
            .collect(Collectors.toSet());
    if (schemas.isEmpty() && specs.isEmpty()) {
      return metadata;
    }
    new MetadataUpdate.RemoveSchemas(schemas).applyTo(builder);
    new MetadataUpdate.RemovePartitionSpecs(specs).applyTo(builder);
    return builder.discardChanges().build();
  }

  /** Writes the manifests of {@code files} and returns the metadata with the snapshot of them. */
  static TableMetadata withFiles(
      TableMetadata prepared, List<DataFile> files, FileIO io, Path table) {
    if (files.isEmpty()) {
      return prepared;
    }
    AppendFiles append =
        new BaseTable(new MemoryOperations(prepared, io, table), table.toString(), report -> {})
            .newFastAppend()
            .scanManifestsWith(SameThreadExecutor.INSTANCE)
            .writeManifestsWith(SameThreadExecutor.INSTANCE, 1);
    files.forEach(append::appendFile);
    Snapshot snapshot = append.apply();
    return TableMetadata.buildFrom(prepared)
        .setPreviousFileLocation(null)
        .setBranchSnapshot(snapshot, SnapshotRef.MAIN_BRANCH)
        .discardChanges()
        .build();
  }
}
