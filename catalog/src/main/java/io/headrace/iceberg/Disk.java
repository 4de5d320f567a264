package io.headrace.iceberg;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The few things a table store does to a disk in order to write, so that tests can make each of
 * them fail. Safe for many threads.
 */
public interface Disk {

  /** The disk of this machine. */
  static Disk local() {
    return LocalDisk.INSTANCE;
  }

  /** Makes a folder and those above it, as far as they are not there yet. */
  void createFolders(Path folder) throws IOException;

  /** Makes a file for writing; fails if there is one of that name. */
  Output create(Path file) throws IOException;

  /** Makes the content of a file durable that is there already, and returns its length. */
  long sync(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void syncFolder(Path folder) throws IOException;

  /** Takes a file away, if it is there. */
  void delete(Path file) throws IOException;

  /** A file that is being written. Used by one thread. */
  interface Output extends Closeable {

    /** Writes at the end of the file, all of it. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Makes what was written durable; the file's name is another matter. */
    void sync() throws IOException;
  }
}
