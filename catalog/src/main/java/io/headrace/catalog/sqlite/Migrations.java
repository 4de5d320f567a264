package io.headrace.catalog.sqlite;

import io.headrace.catalog.Environment;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * Brings the tables of a catalog up to what this program expects.
 *
 * <p>The number of the newest migration is also kept in the file's {@code user_version}, so that an
 * up-to-date catalog opens without Flyway, which takes a quarter of a second to load.
 */
final class Migrations {
  static final int LATEST = 1;

  private Migrations() {}

  /** Migrates the catalog, if it needs it; one process at a time, the others wait. */
  static void run(Path file) {
    try {
      if (Files.exists(file) && isCurrent(file)) {
        return;
      }
      // The system lets go of the lock when its process ends; the empty file stays and means
      // nothing.
      Path lockFile = file.resolveSibling(file.getFileName() + "-migration");
      synchronized (Migrations.class) {
        try (FileChannel channel =
                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          if (!lock.isValid() || isCurrent(file)) {
            return;
          }
          migrate(file);
        }
      }
    } catch (SQLException e) {
      throw Failures.translate("open catalog", file, e);
    } catch (IOException | FlywayException e) {
      throw new HeadraceException(
          "Cannot open catalog '%s': %s".formatted(file, e), "Run `headrace doctor`", e);
    }
  }

  /** Whether there is nothing to do. */
  private static boolean isCurrent(Path file) throws SQLException {
    try (Sql sql = connect(file)) {
      int version = sql.first("PRAGMA user_version", result -> result.getInt(1)).orElse(0);
      if (version > LATEST) {
        throw new HeadraceException(
            "Cannot open catalog '%s': it is of version %d and this program knows %d"
                .formatted(file, version, LATEST),
            "Use the newer version of Headrace that made it");
      }
      return version == LATEST;
    }
  }

  private static void migrate(Path file) throws SQLException {
    try (Sql sql = connect(file)) {
      sql.first("PRAGMA journal_mode = wal", result -> result.getString(1));
    }
    Flyway.configure()
        .dataSource(JDBC.PREFIX + file, "", "")
        .locations("classpath:db/sqlite")
        .load()
        .migrate();
    try (Sql sql = connect(file)) {
      sql.update(
          "INSERT INTO environments (name, head, created_at) VALUES (?, 0, ?)"
              + " ON CONFLICT (name) DO NOTHING",
          Environment.MAIN,
          Times.toMicros(Instant.now()));
      // Last of all: whoever finds this number finds everything else.
      sql.execute("PRAGMA user_version = " + LATEST);
    }
  }

  private static Sql connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(30_000);
    Properties properties = config.toProperties();
    return new Sql(JDBC.createConnection(JDBC.PREFIX + file, properties));
  }
}
