package io.headrace.iceberg;

import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Where the files of a table are: {@code <warehouse>/<schema.table>/data} and {@code metadata}.
 *
 * <p>In metadata every location starts with {@code file://}, without which a reader on a cluster
 * would look for it in the cluster's own file system.
 */
record Layout(Path warehouse) {
  private static final String SCHEME = "file://";

  Path table(TableName table) {
    return warehouse.resolve(table.toString());
  }

  static Path dataFolder(Path table) {
    return table.resolve("data");
  }

  static Path metadataFolder(Path table) {
    return table.resolve("metadata");
  }

  /** A name for a metadata file that no other ever had, in the form that catalogs expect. */
  static Path newMetadataFile(Path table) {
    return metadataFolder(table).resolve("00000-" + UUID.randomUUID() + ".metadata.json");
  }

  static String toLocation(Path path) {
    return SCHEME + path;
  }

  static Path toPath(String location) {
    return Path.of(toPlainPath(location));
  }

  static String toPlainPath(String location) {
    return location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : location;
  }
}
