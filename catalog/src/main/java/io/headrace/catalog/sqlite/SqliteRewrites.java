package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.catalog.Rewrite;
import io.headrace.catalog.Rewrites;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Rewrites in SQLite. */
final class SqliteRewrites implements Rewrites {
  private static final String REWRITE =
      "SELECT version, table_name, old_location, new_location, created_at FROM rewrites ";

  private final Database database;

  SqliteRewrites(Database database) {
    this.database = database;
  }

  @Override
  public boolean record(Rewrite rewrite, long sizeBytes) {
    return database.write(
        SYNCED,
        "record a rewrite of version '%s'".formatted(rewrite.version()),
        sql -> {
          int moved =
              sql.update(
                  "UPDATE versions SET metadata_location = ?, size_bytes = ?"
                      + " WHERE id = ? AND metadata_location = ?",
                  rewrite.after(),
                  sizeBytes,
                  rewrite.version(),
                  rewrite.before());
          if (moved == 0) {
            return false;
          }
          sql.update(
              "INSERT INTO rewrites (new_location, old_location, version, table_name, created_at)"
                  + " VALUES (?, ?, ?, ?, ?)",
              rewrite.after(),
              rewrite.before(),
              rewrite.version(),
              rewrite.table().toString(),
              Times.toMicros(rewrite.at()));
          return true;
        });
  }

  @Override
  public List<Rewrite> of(TableName table, Instant since) {
    return database.read(
        "read rewrites of table '%s'".formatted(table),
        sql ->
            sql.list(
                REWRITE
                    + "WHERE table_name = ? AND created_at >= ?"
                    + " ORDER BY created_at DESC, new_location",
                SqliteRewrites::readRewrite,
                table.toString(),
                Times.toMicros(since)));
  }

  @Override
  public List<Rewrite> all() {
    return database.read("list rewrites", sql -> sql.list(REWRITE, SqliteRewrites::readRewrite));
  }

  @Override
  public List<Rewrite> collect(Instant keepSince, Instant now, boolean dryRun) {
    String doing = "collect rewrites";
    return dryRun
        ? database.read(doing, sql -> old(sql, keepSince, now))
        : database.write(SYNCED, doing, sql -> forget(sql, keepSince, now));
  }

  private static List<Rewrite> forget(Sql sql, Instant keepSince, Instant now) throws SQLException {
    List<Rewrite> old = old(sql, keepSince, now);
    for (Rewrite rewrite : old) {
      sql.update("DELETE FROM rewrites WHERE new_location = ?", rewrite.after());
    }
    return old;
  }

  private static List<Rewrite> old(Sql sql, Instant keepSince, Instant now) throws SQLException {
    return sql.list(
        REWRITE
            + "WHERE created_at < ? AND NOT EXISTS ("
            + "SELECT 1 FROM runs WHERE state = 'RUNNING' AND heartbeat_at >= ?)",
        SqliteRewrites::readRewrite,
        Times.toMicros(keepSince),
        Times.toMicros(now.minus(SqliteVersions.RUN_COUNTS_AS_DEAD_AFTER)));
  }

  private static Rewrite readRewrite(ResultSet result) throws SQLException {
    return new Rewrite(
        result.getString(1),
        TableName.parse(result.getString(2)),
        result.getString(3),
        result.getString(4),
        Times.fromMicros(result.getLong(5)));
  }
}
