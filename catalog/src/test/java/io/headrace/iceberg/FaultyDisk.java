package io.headrace.iceberg;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk that fails at the n-th thing it is asked to do, and notes what it did. After a power cut
 * it does nothing any more; after another failure it works again.
 */
final class FaultyDisk implements Disk {
  private final Disk disk = Disk.local();
  private final int failAt;
  private final Fault fault;
  private final List<String> done = new ArrayList<>();
  private int count;

  /** How it fails. */
  enum Fault {
    /** Half of what was to be written is. */
    FULL,
    ERROR,
    POWER_CUT
  }

  FaultyDisk(int failAt, Fault fault) {
    this.failAt = failAt;
    this.fault = fault;
  }

  /** A disk that never fails. */
  static FaultyDisk sound() {
    return new FaultyDisk(Integer.MAX_VALUE, Fault.ERROR);
  }

  /** What was done in its order: {@code sync <file>}, {@code syncFolder <folder>} and so on. */
  List<String> done() {
    return done;
  }

  boolean hasFailed() {
    return count >= failAt;
  }

  /** Whether it does nothing any more. */
  boolean isCut() {
    return hasFailed() && fault == Fault.POWER_CUT;
  }

  private boolean failsNow(String what, Path path) throws IOException {
    count++;
    if (count > failAt && fault == Fault.POWER_CUT) {
      throw new IOException("Power cut");
    }
    if (count == failAt) {
      return true;
    }
    done.add(what + " " + path);
    return false;
  }

  private void check(String what, Path path) throws IOException {
    if (failsNow(what, path)) {
      throw new IOException(fault + " at " + what);
    }
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    check("createFolders", folder);
    disk.createFolders(folder);
  }

  @Override
  public Output create(Path file) throws IOException {
    check("create", file);
    Output output = disk.create(file);
    return new Output() {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failsNow("write", file)) {
          output.write(bytes, offset, length / 2);
          throw new IOException(fault + " at write");
        }
        output.write(bytes, offset, length);
      }

      @Override
      public void sync() throws IOException {
        check("sync", file);
        output.sync();
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public long sync(Path file) throws IOException {
    check("sync", file);
    return disk.sync(file);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    check("syncFolder", folder);
    disk.syncFolder(folder);
  }

  @Override
  public void delete(Path file) throws IOException {
    check("delete", file);
    disk.delete(file);
  }
}
