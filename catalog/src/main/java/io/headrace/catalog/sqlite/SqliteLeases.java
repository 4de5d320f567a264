package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Leases;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Leases in SQLite. One that ran out stays its owner's until another takes it. */
final class SqliteLeases implements Leases {
  private final Database database;

  SqliteLeases(Database database) {
    this.database = database;
  }

  /** Whether nobody took it over, in a transaction that does what only its owner may do. */
  static boolean isHeld(Sql sql, Fence fence) throws SQLException {
    return sql.first(
            "SELECT owner FROM leases WHERE lease_key = ?",
            result -> result.getString(1),
            fence.key())
        .equals(Optional.of(fence.owner()));
  }

  @Override
  public boolean tryAcquire(String key, String owner, Instant now, Duration timeToLive) {
    return database.write(
        ORDERED,
        "take lease '%s'".formatted(key),
        sql -> {
          long end = Times.toMicros(now.plus(timeToLive));
          boolean isTaken =
              sql.update(
                      "INSERT INTO leases (lease_key, owner, expires_at) VALUES (?, ?, ?)"
                          + " ON CONFLICT (lease_key) DO UPDATE"
                          + " SET owner = excluded.owner, expires_at = excluded.expires_at"
                          + " WHERE leases.owner = excluded.owner OR leases.expires_at <= ?",
                      key,
                      owner,
                      end,
                      Times.toMicros(now))
                  > 0;
          if (!isTaken) {
            // It was taken before the clock was set back, and its owner may be dead.
            sql.update(
                "UPDATE leases SET expires_at = ? WHERE lease_key = ? AND expires_at > ?",
                end,
                key,
                end);
          }
          return isTaken;
        });
  }

  @Override
  public boolean isHeld(Fence fence) {
    return database.read("look at lease '%s'".formatted(fence.key()), sql -> isHeld(sql, fence));
  }

  @Override
  public void renew(String owner, Instant now, Duration timeToLive) {
    database.write(
        ORDERED,
        "renew leases of '%s'".formatted(owner),
        sql ->
            sql.update(
                "UPDATE leases SET expires_at = ? WHERE owner = ?",
                Times.toMicros(now.plus(timeToLive)),
                owner));
  }

  @Override
  public void release(String key, String owner) {
    database.write(
        ORDERED,
        "release lease '%s'".formatted(key),
        sql -> sql.update("DELETE FROM leases WHERE lease_key = ? AND owner = ?", key, owner));
  }
}
