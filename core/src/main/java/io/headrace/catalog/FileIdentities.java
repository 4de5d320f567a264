package io.headrace.catalog;

import java.util.Collection;
import java.util.Map;

/** Remembers content hashes of files, so that an unchanged file is not read twice. A mere cache. */
public interface FileIdentities {

  /** The entries that are known for these absolute paths. */
  Map<String, Entry> findAll(Collection<String> paths);

  /** Replaces the entries of the paths. */
  void record(Collection<Entry> entries);

  /**
   * The content of a file that looked so.
   *
   * @param modifiedNanos time of last modification, in nanoseconds since 1970
   * @param fileKey the file system's own name for the file (device and inode), or empty
   * @param hash of the content
   */
  record Entry(String path, long sizeBytes, long modifiedNanos, String fileKey, String hash) {}
}
