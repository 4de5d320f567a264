package io.headrace.iceberg;

import io.headrace.table.DataFile;
import java.util.List;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/** Turns data files into Iceberg's and back. */
record DataFileConverter(Schema schema, PartitionSpec spec) {

  org.apache.iceberg.DataFile toIceberg(DataFile file) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(Layout.toLocation(java.nio.file.Path.of(file.path())))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(file.sizeBytes())
            .withMetrics(FileStatistics.toMetrics(schema, file.rowCount(), file.statistics()));
    if (spec.isPartitioned()) {
      builder.withPartition(Partitions.toValues(spec, file.partition()));
    }
    return builder.build();
  }

  DataFile fromIceberg(org.apache.iceberg.DataFile file) {
    return new DataFile(
        Layout.toPlainPath(file.location()),
        file.recordCount(),
        file.fileSizeInBytes(),
        spec.isPartitioned() ? Partitions.fromValues(spec, file.partition()) : List.of(),
        FileStatistics.fromIceberg(schema, file));
  }
}
