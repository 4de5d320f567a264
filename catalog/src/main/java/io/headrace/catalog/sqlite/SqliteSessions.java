package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;
import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.access.Sessions;
import io.headrace.access.Users.User;
import java.time.Instant;
import java.util.Optional;

/** Sessions in SQLite. */
final class SqliteSessions implements Sessions {
  private final Database database;

  SqliteSessions(Database database) {
    this.database = database;
  }

  @Override
  public void begin(Session session) {
    database.write(
        ORDERED,
        "begin a session",
        sql ->
            sql.update(
                "INSERT INTO sessions (digest, who, groups, begun_at, used_at)"
                    + " VALUES (?, ?, ?, ?, ?)",
                session.digest(),
                session.who(),
                String.join("\n", session.groups()),
                Times.toMicros(session.begunAt()),
                Times.toMicros(session.usedAt())));
  }

  @Override
  public boolean begin(Session session, User user) {
    return database.write(
            ORDERED,
            "begin a session",
            sql ->
                sql.update(
                    "INSERT INTO sessions (digest, who, groups, begun_at, used_at)"
                        + " SELECT ?, name, ?, ?, ? FROM users WHERE name = ? AND changed_at = ?",
                    session.digest(),
                    String.join("\n", session.groups()),
                    Times.toMicros(session.begunAt()),
                    Times.toMicros(session.usedAt()),
                    user.name(),
                    Times.toMicros(user.changedAt())))
        > 0;
  }

  @Override
  public Optional<Session> find(String digest) {
    return database.read(
        "look for a session",
        sql ->
            sql.first(
                "SELECT digest, who, groups, begun_at, used_at FROM sessions WHERE digest = ?",
                row ->
                    new Session(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3).lines().toList(),
                        Times.fromMicros(row.getLong(4)),
                        Times.fromMicros(row.getLong(5))),
                digest));
  }

  @Override
  public void used(String digest, Instant now) {
    database.write(
        ORDERED,
        "remember the use of a session",
        sql ->
            sql.update(
                "UPDATE sessions SET used_at = ? WHERE digest = ?", Times.toMicros(now), digest));
  }

  /** Synced: who has logged out must not be logged in after a power cut. */
  @Override
  public void end(String digest) {
    database.write(
        SYNCED,
        "end a session",
        sql -> sql.update("DELETE FROM sessions WHERE digest = ?", digest));
  }

  @Override
  public int endAll(String who) {
    return database.write(
        SYNCED,
        "end the sessions of '%s'".formatted(who),
        sql -> sql.update("DELETE FROM sessions WHERE who = ?", who));
  }

  @Override
  public void forget(Instant begun, Instant used) {
    database.write(
        ORDERED,
        "forget sessions",
        sql ->
            sql.update(
                "DELETE FROM sessions WHERE begun_at < ? OR used_at < ?",
                Times.toMicros(begun),
                Times.toMicros(used)));
  }
}
