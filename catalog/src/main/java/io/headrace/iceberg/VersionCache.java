package io.headrace.iceberg;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.TableMetadata;

/**
 * The versions that were used last, up to a limit on their size in memory. They never change, so
 * nothing in here is ever stale. Safe for many threads.
 */
final class VersionCache {
  private static final long METADATA_WEIGHT = 20;

  private final long maxWeight;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;

  /** Makes a cache of up to {@code maxWeight} columns of files, each about 300 bytes. */
  VersionCache(long maxWeight) {
    this.maxWeight = maxWeight;
  }

  synchronized Optional<Entry> find(String metadataLocation) {
    return Optional.ofNullable(entries.get(metadataLocation));
  }

  synchronized void put(String metadataLocation, Entry entry) {
    Entry before = entries.put(metadataLocation, entry);
    weight += entry.weight() - (before == null ? 0 : before.weight());
    Iterator<Entry> eldest = entries.values().iterator();
    while (weight > maxWeight && eldest.hasNext()) {
      weight -= eldest.next().weight();
      eldest.remove();
    }
  }

  /**
   * What is known of a version.
   *
   * @param files empty if only the metadata file was read so far
   */
  record Entry(TableMetadata metadata, Optional<List<DataFile>> files) {
    long weight() {
      return METADATA_WEIGHT
          + files.map(List::size).orElse(0) * (1L + metadata.schema().columns().size());
    }
  }
}
