package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.access.Users;
import io.headrace.error.ConflictException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Users in SQLite. */
final class SqliteUsers implements Users {
  private static final String COLUMNS = "SELECT name, hash, created_at, changed_at FROM users";

  private final Database database;

  SqliteUsers(Database database) {
    this.database = database;
  }

  private static User read(ResultSet row) throws SQLException {
    return new User(
        row.getString(1),
        row.getString(2),
        Times.fromMicros(row.getLong(3)),
        Times.fromMicros(row.getLong(4)));
  }

  @Override
  public List<User> list() {
    return database.read(
        "list users", sql -> sql.list(COLUMNS + " ORDER BY name", SqliteUsers::read));
  }

  @Override
  public Optional<User> find(String name) {
    return database.read(
        "look for a user", sql -> sql.first(COLUMNS + " WHERE name = ?", SqliteUsers::read, name));
  }

  @Override
  public void add(User user) {
    int added =
        database.write(
            SYNCED,
            "add user '%s'".formatted(user.name()),
            sql ->
                sql.update(
                    "INSERT INTO users (name, hash, created_at, changed_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                    user.name(),
                    user.hash(),
                    Times.toMicros(user.createdAt()),
                    Times.toMicros(user.changedAt())));
    if (added == 0) {
      throw new ConflictException(
          "There is a user '%s' already".formatted(user.name()),
          "To change the password: `headrace user password %s`".formatted(user.name()));
    }
  }

  @Override
  public boolean changePassword(String name, String hash, Instant now) {
    return database.write(
        SYNCED,
        "change the password of user '%s'".formatted(name),
        sql -> {
          sql.update("DELETE FROM sessions WHERE who = ?", name);
          return sql.update(
                  "UPDATE users SET hash = ?, changed_at = ? WHERE name = ?",
                  hash,
                  Times.toMicros(now),
                  name)
              > 0;
        });
  }

  @Override
  public void rehash(String name, String before, String hash) {
    database.write(
        SYNCED,
        "keep a hash of user '%s'".formatted(name),
        sql ->
            sql.update(
                "UPDATE users SET hash = ? WHERE name = ? AND hash = ?", hash, name, before));
  }

  @Override
  public boolean remove(String name) {
    return database.write(
        SYNCED,
        "remove user '%s'".formatted(name),
        sql -> {
          sql.update("DELETE FROM sessions WHERE who = ?", name);
          sql.update("DELETE FROM tokens WHERE owner = ?", name);
          return sql.update("DELETE FROM users WHERE name = ?", name) > 0;
        });
  }
}
