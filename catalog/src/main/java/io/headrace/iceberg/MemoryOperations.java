package io.headrace.iceberg;

import java.nio.file.Path;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A table whose metadata is in memory, for an append that is prepared but not committed: it writes
 * manifests, and the metadata file is left to the caller.
 */
record MemoryOperations(TableMetadata current, FileIO io, Path table) implements TableOperations {

  @Override
  public TableMetadata refresh() {
    return current;
  }

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    throw new UnsupportedOperationException("A version never changes");
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return Layout.toLocation(Layout.metadataFolder(table).resolve(fileName));
  }

  @Override
  public LocationProvider locationProvider() {
    throw new UnsupportedOperationException("Engines name the data files");
  }
}
