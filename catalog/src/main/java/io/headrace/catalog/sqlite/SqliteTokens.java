package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;
import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.access.Tokens;
import io.headrace.error.ConflictException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tokens in SQLite. */
final class SqliteTokens implements Tokens {
  private static final String COLUMNS =
      "SELECT name, digest, created_at, expires_at, used_at FROM tokens";

  private final Database database;

  SqliteTokens(Database database) {
    this.database = database;
  }

  private static Token read(ResultSet row) throws SQLException {
    return new Token(
        row.getString(1),
        row.getString(2),
        Times.fromMicros(row.getLong(3)),
        Times.find(row, 4),
        Times.find(row, 5));
  }

  @Override
  public List<Token> list() {
    return database.read(
        "list tokens", sql -> sql.list(COLUMNS + " ORDER BY name", SqliteTokens::read));
  }

  @Override
  public Optional<Token> find(String digest) {
    return database.read(
        "look for a token",
        sql -> sql.first(COLUMNS + " WHERE digest = ?", SqliteTokens::read, digest));
  }

  @Override
  public void add(Token token) {
    int added =
        database.write(
            SYNCED,
            "add token '%s'".formatted(token.name()),
            sql ->
                sql.update(
                    "INSERT INTO tokens (name, digest, created_at, expires_at)"
                        + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    token.name(),
                    token.digest(),
                    Times.toMicros(token.createdAt()),
                    token.expiresAt().map(Times::toMicros).orElse(null)));
    if (added == 0) {
      throw new ConflictException(
          "There is a token '%s' already".formatted(token.name()),
          "Revoke it, or choose another name");
    }
  }

  @Override
  public void used(String digest, Instant now) {
    database.write(
        ORDERED,
        "remember the use of a token",
        sql ->
            sql.update(
                "UPDATE tokens SET used_at = ? WHERE digest = ?", Times.toMicros(now), digest));
  }

  @Override
  public boolean revoke(String name) {
    return database.write(
            SYNCED,
            "revoke token '%s'".formatted(name),
            sql -> sql.update("DELETE FROM tokens WHERE name = ?", name))
        > 0;
  }
}
