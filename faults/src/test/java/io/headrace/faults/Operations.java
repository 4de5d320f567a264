package io.headrace.faults;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.sqlite.WatchedCatalog;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.QueryException;
import io.headrace.iceberg.Disk;
import io.headrace.table.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that a run does to make something last, as a sequence of numbered operations: each
 * file that is made, written, synced or deleted, each folder that is synced, each commit of the
 * database and each table that an engine writes.
 */
final class Operations {

  /** Decides what becomes of the operations. */
  interface Fate {
    /**
     * Before an operation.
     *
     * @return whether it should be done by half, after which {@link #half} is called
     */
    boolean before(String operation) throws IOException;

    /** After half of an operation. */
    default void half() throws IOException {}

    /** After the content of a file was synced, of that length. */
    default void synced(Path file, long length) throws IOException {}

    /** After the names in a folder were synced. */
    default void syncedFolder(Path folder, String names) throws IOException {}
  }

  /** What SQLite says when the disk is full, and has not committed. */
  private static final int SQLITE_FULL = 13;

  /** What it says when it cannot know. */
  private static final int SQLITE_IOERR = 10;

  private final Fate fate;

  Operations(Fate fate) {
    this.fate = fate;
  }

  /** The usual parts, with all that they do going through here. */
  TestProject.Parts parts(EngineProvider engine) {
    TestProject.Parts usual = TestProject.Parts.USUAL;
    return usual
        .with(new WatchedDisk(usual.disk()), watcher())
        .with(new WatchedEngine(engine, engineWatcher()));
  }

  private WatchedCatalog.Watcher watcher() {
    return new WatchedCatalog.Watcher() {
      @Override
      public void beforeCommit() throws SQLException {
        step("commit", SQLITE_FULL);
      }

      @Override
      public void afterCommit() throws SQLException {
        step("committed", SQLITE_IOERR);
      }

      private void step(String operation, int code) throws SQLException {
        try {
          boolean unused = fate.before(operation);
        } catch (IOException e) {
          throw new SQLException(String.valueOf(e.getMessage()), "", code, e);
        }
      }
    };
  }

  private WatchedEngine.Watcher engineWatcher() {
    return new WatchedEngine.Watcher() {
      @Override
      public void beforeWrite(TableName table) {
        step("query of " + table);
      }

      @Override
      public void beforeUpdate(TableName table) {
        step("update of " + table);
      }

      @Override
      public void afterWrite(TableName table) {
        step("rows of " + table);
      }

      private void step(String operation) {
        try {
          boolean unused = fate.before(operation);
        } catch (IOException e) {
          throw new QueryException(String.valueOf(e.getMessage()), "Free some space", -1, false, e);
        }
      }
    };
  }

  private final class WatchedDisk implements Disk {
    private final Disk disk;

    WatchedDisk(Disk disk) {
      this.disk = disk;
    }

    @Override
    public void createFolders(Path folder) throws IOException {
      boolean unused = fate.before("make folder " + folder);
      disk.createFolders(folder);
    }

    @Override
    public Output create(Path file) throws IOException {
      boolean unused = fate.before("make " + file);
      Output output = disk.create(file);
      return new Output() {
        private long length;

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
          if (fate.before("write " + file)) {
            output.write(bytes, offset, count / 2);
            fate.half();
          }
          output.write(bytes, offset, count);
          length += count;
        }

        @Override
        public void sync() throws IOException {
          boolean unused = fate.before("sync " + file);
          output.sync();
          fate.synced(file, length);
        }

        @Override
        public void close() throws IOException {
          output.close();
        }
      };
    }

    @Override
    public long sync(Path file) throws IOException {
      boolean unused = fate.before("sync " + file);
      long length = disk.sync(file);
      fate.synced(file, length);
      return length;
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
      boolean unused = fate.before("sync folder " + folder);
      disk.syncFolder(folder);
      fate.syncedFolder(folder, names(folder));
    }

    @Override
    public void delete(Path file) throws IOException {
      boolean unused = fate.before("delete " + file);
      disk.delete(file);
    }
  }

  private static String names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> requireNonNull(entry.getFileName()).toString())
          .collect(Collectors.joining("\t"));
    }
  }
}
