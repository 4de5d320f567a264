package io.headrace.catalog.sqlite;

import io.headrace.catalog.Environment;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * Brings the tables of a database up to what this program expects.
 *
 * <p>The number of the newest migration is kept in the file's {@code user_version}. A new file gets
 * all scripts in one transaction; Flyway brings an older one up to date, and is not loaded
 * otherwise, because that takes a third of a second.
 */
final class Migrations {
  /** The tables of a project. */
  static final Migrations CATALOG =
      new Migrations(
          "catalog",
          "db/sqlite",
          List.of(
              "V1__catalog.sql",
              "V2__rewrites.sql",
              "V3__parts.sql",
              "V4__schedules.sql",
              "V5__triggers.sql",
              "V6__measurements.sql",
              "V7__history.sql"),
          sql ->
              sql.update(
                  "INSERT INTO environments (name, head, created_at) VALUES (?, 0, ?)",
                  Environment.MAIN,
                  Times.toMicros(Instant.now())));

  /** The tables of what a server keeps of those who ask. */
  static final Migrations ACCOUNTS =
      new Migrations(
          "accounts", "db/access", List.of("V1__access.sql", "V2__owners.sql"), sql -> {});

  static final int LATEST = CATALOG.scripts.size();

  private final String what;
  private final String folder;
  private final List<String> scripts;
  private final First first;

  private Migrations(String what, String folder, List<String> scripts, First first) {
    this.what = what;
    this.folder = folder;
    this.scripts = scripts;
    this.first = first;
  }

  /** What a new database holds. */
  @FunctionalInterface
  private interface First {
    void fill(Sql sql) throws SQLException;
  }

  /** What the database is, for messages. */
  String what() {
    return what;
  }

  /** Migrates the database, if it needs it; one process at a time, the others wait. */
  void run(Path file) {
    int latest = scripts.size();
    try (Sql sql = connect(file)) {
      int version = version(sql);
      if (version > latest) {
        throw new HeadraceException(
            "Cannot open %s '%s': it is of version %d and this program knows %d"
                .formatted(what, file, version, latest),
            "Use the newer version of Headrace that made it");
      }
      if (version == 0) {
        create(sql);
      } else if (version < latest) {
        upgrade(file, sql);
      }
    } catch (SQLException e) {
      throw Failures.translate("open " + what, what, file, e);
    } catch (IOException | FlywayException e) {
      throw new HeadraceException(
          "Cannot open %s '%s': %s".formatted(what, file, e), "Run `headrace doctor`", e);
    }
  }

  private static int version(Sql sql) throws SQLException {
    return sql.first("PRAGMA user_version", result -> result.getInt(1)).orElse(0);
  }

  private void create(Sql sql) throws SQLException, IOException {
    sql.first("PRAGMA journal_mode = wal", result -> result.getString(1));
    sql.execute("BEGIN IMMEDIATE");
    try {
      if (version(sql) == 0) {
        for (String script : scripts) {
          sql.executeAll(read(script));
        }
        first.fill(sql);
        sql.execute("PRAGMA user_version = " + scripts.size());
      }
      sql.execute("COMMIT");
    } catch (SQLException | IOException e) {
      sql.execute("ROLLBACK");
      throw e;
    }
  }

  private void upgrade(Path file, Sql sql) throws SQLException, IOException {
    // The system lets go of the lock when its process ends; the empty file stays and means nothing.
    Path lockFile = file.resolveSibling(file.getFileName() + "-migration");
    synchronized (Migrations.class) {
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        int version = version(sql);
        if (!lock.isValid() || version == scripts.size()) {
          return;
        }
        Flyway.configure()
            .dataSource(JDBC.PREFIX + file, "", "")
            .locations("classpath:" + folder)
            .baselineOnMigrate(true)
            .baselineVersion(String.valueOf(version))
            .load()
            .migrate();
        // Last of all: whoever finds this number finds everything else.
        sql.execute("PRAGMA user_version = " + scripts.size());
      }
    }
  }

  private String read(String script) throws IOException {
    String name = "/" + folder + "/" + script;
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("resource '%s' is missing".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Sql connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(30_000);
    Properties properties = config.toProperties();
    return new Sql(JDBC.createConnection(JDBC.PREFIX + file, properties));
  }
}
