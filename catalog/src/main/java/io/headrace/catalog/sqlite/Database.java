package io.headrace.catalog.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The connections to one database file, and transactions on them. Safe for many threads.
 *
 * <p>Writers of this process queue behind one fair lock, since SQLite has but one writer and lets
 * the others sleep and try again. Readers see the state as it was when they began and wait for
 * nobody.
 */
final class Database implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 30_000;
  private static final int MAX_IDLE_READERS = 4;

  /** Fingerprints are scattered over the whole of a table, so writers come back to all of it. */
  private static final int WRITER_CACHE_KIB = 16 * 1024;

  /** How long the log gets, in pages of 4 KiB, before it is worked into the database. */
  private static final int LOG_PAGES = 4_000;

  private final Migrations kind;
  private final Path file;
  private final CommitStep commitStep;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final Map<Durability, Sql> writers = new EnumMap<>(Durability.class);
  private final Deque<Sql> idleReaders = new ArrayDeque<>();
  private boolean closed;

  Database(Path file, CommitStep commitStep) {
    this(Migrations.CATALOG, file, commitStep);
  }

  /**
   * @param kind of database that it is
   */
  Database(Migrations kind, Path file, CommitStep commitStep) {
    this.kind = kind;
    this.file = file;
    this.commitStep = commitStep;
  }

  Path file() {
    return file;
  }

  /**
   * When a write must be on the disk. The log of the database is in order: whatever was written
   * before a {@link #SYNCED} write is durable together with it.
   */
  enum Durability {
    /** Before the call returns. */
    SYNCED(SynchronousMode.FULL),
    /** At the next synced write at the latest; a crash of the process loses nothing. */
    ORDERED(SynchronousMode.NORMAL);

    private final SynchronousMode mode;

    Durability(SynchronousMode mode) {
      this.mode = mode;
    }
  }

  /** What a transaction does. */
  @FunctionalInterface
  interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  /** Makes the changes of a transaction permanent; a place for tests to let that fail. */
  @FunctionalInterface
  interface CommitStep {
    CommitStep DEFAULT = sql -> sql.execute("COMMIT");

    void commit(Sql sql) throws SQLException;
  }

  /** The transaction was complete and its commit failed: it may have happened all the same. */
  static final class CommitFailedException extends SQLException {
    private static final long serialVersionUID = 1L;

    CommitFailedException(SQLException cause) {
      super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    }
  }

  /** Runs {@code work} on one state of the database, however many statements it has. */
  <T> T read(String doing, Work<T> work) {
    Sql sql = takeReader(doing);
    boolean usable = false;
    try {
      sql.execute("BEGIN");
      try {
        return work.run(sql);
      } finally {
        usable = rollback(sql);
      }
    } catch (SQLException e) {
      throw Failures.translate(doing, kind.what(), file, e);
    } finally {
      returnReader(sql, usable);
    }
  }

  /** Runs {@code work} with no other writer beside it, and keeps all of what it wrote or none. */
  <T> T write(Durability durability, String doing, Work<T> work) {
    try {
      return tryWrite(durability, work);
    } catch (SQLException e) {
      throw Failures.translate(doing, kind.what(), file, e);
    }
  }

  /** As {@link #write}, for callers that look into the failure themselves. */
  <T> T tryWrite(Durability durability, Work<T> work) throws SQLException {
    writing.lock();
    try {
      Sql sql = writer(durability);
      boolean usable = false;
      try {
        sql.execute("BEGIN IMMEDIATE");
        boolean complete = false;
        try {
          T result = work.run(sql);
          complete = true;
          commit(sql);
          usable = true;
          return result;
        } finally {
          if (!complete) {
            usable = rollback(sql);
          }
        }
      } finally {
        if (!usable) {
          abandon(durability, sql);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  private void commit(Sql sql) throws SQLException {
    try {
      commitStep.commit(sql);
    } catch (SQLException e) {
      throw new CommitFailedException(e);
    }
  }

  /** Returns whether it worked; some failures have ended the transaction already. */
  private static boolean rollback(Sql sql) {
    try {
      sql.execute("ROLLBACK");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** A connection that failed in whatever way is not used again; closing it rolls back. */
  private void abandon(Durability durability, Sql sql) {
    writers.remove(durability, sql);
    closeQuietly(sql);
  }

  private Sql writer(Durability durability) throws SQLException {
    Sql writer = writers.get(durability);
    if (writer == null) {
      requireOpen();
      writer = connect(durability.mode, false);
      writers.put(durability, writer);
    }
    return writer;
  }

  private Sql takeReader(String doing) {
    synchronized (idleReaders) {
      requireOpen();
      Sql idle = idleReaders.poll();
      if (idle != null) {
        return idle;
      }
    }
    try {
      return connect(SynchronousMode.NORMAL, true);
    } catch (SQLException e) {
      throw Failures.translate(doing, kind.what(), file, e);
    }
  }

  private void returnReader(Sql sql, boolean usable) {
    synchronized (idleReaders) {
      if (usable && !closed && idleReaders.size() < MAX_IDLE_READERS) {
        idleReaders.push(sql);
        return;
      }
    }
    closeQuietly(sql);
  }

  /**
   * Opens a connection. It commits by itself unless a statement says {@code BEGIN}: the driver's
   * own transactions take the write lock again as soon as one ends.
   */
  private Sql connect(SynchronousMode mode, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setSynchronous(mode);
    Properties properties = config.toProperties();
    Sql sql = new Sql(JDBC.createConnection(JDBC.PREFIX + file, properties));
    if (readOnly) {
      sql.execute("PRAGMA query_only = true");
    } else {
      sql.execute("PRAGMA cache_size = -" + WRITER_CACHE_KIB);
      sql.first("PRAGMA wal_autocheckpoint = " + LOG_PAGES, result -> result.getInt(1));
    }
    return sql;
  }

  /** The texts of the statements that open connections have run, for tests of how they are run. */
  Set<String> texts() {
    Set<String> texts = new TreeSet<>();
    writing.lock();
    try {
      writers.values().forEach(writer -> texts.addAll(writer.texts()));
      synchronized (idleReaders) {
        idleReaders.forEach(reader -> texts.addAll(reader.texts()));
      }
    } finally {
      writing.unlock();
    }
    return texts;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The %s '%s' is closed".formatted(kind.what(), file));
    }
  }

  private static void closeQuietly(@Nullable Sql sql) {
    try {
      if (sql != null) {
        sql.close();
      }
    } catch (SQLException e) {
      // What it did is committed or rolled back; the connection itself is of no account.
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      synchronized (idleReaders) {
        closed = true;
        idleReaders.forEach(Database::closeQuietly);
        idleReaders.clear();
      }
      writers.values().forEach(Database::closeQuietly);
      writers.clear();
    } finally {
      writing.unlock();
    }
  }
}
