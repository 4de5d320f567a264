package io.headrace.incremental;

import io.headrace.catalog.Versions;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.util.Optional;

/** Finds what the files of versions are. */
record VersionFiles(Versions versions, TableStore tables) {

  /** The files of a version, or empty if the catalog does not have it any more. */
  Optional<TableData> load(String version) {
    return versions.find(version).map(found -> tables.load(found.metadataLocation()));
  }
}
