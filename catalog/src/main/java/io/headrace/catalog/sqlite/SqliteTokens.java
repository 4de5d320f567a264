package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;
import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.access.Person;
import io.headrace.access.Role;
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
      "SELECT name, digest, created_at, expires_at, used_at, owner, groups, role FROM tokens";

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
        Times.find(row, 5),
        owner(row.getString(6), row.getString(7), row.getString(8)));
  }

  private static Optional<Owner> owner(String name, String groups, String role) {
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(new Owner(new Person(name, groups.lines().toList()), Role.of(role)));
  }

  private static String groups(Person person) {
    return String.join("\n", person.groups());
  }

  @Override
  public List<Token> list() {
    return database.read(
        "list tokens", sql -> sql.list(COLUMNS + " ORDER BY name", SqliteTokens::read));
  }

  @Override
  public List<Token> of(String owner) {
    return database.read(
        "list tokens",
        sql -> sql.list(COLUMNS + " WHERE owner = ? ORDER BY name", SqliteTokens::read, owner));
  }

  @Override
  public Optional<Token> find(String digest) {
    return database.read(
        "look for a token",
        sql -> sql.first(COLUMNS + " WHERE digest = ?", SqliteTokens::read, digest));
  }

  @Override
  public void add(Token token) {
    Optional<Person> person = token.owner().map(Owner::person);
    database.write(
        SYNCED,
        "add token '%s'".formatted(token.name()),
        sql -> {
          requireThere(sql, person);
          int added =
              sql.update(
                  "INSERT INTO tokens (name, digest, created_at, expires_at, owner, groups, role)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  token.name(),
                  token.digest(),
                  Times.toMicros(token.createdAt()),
                  token.expiresAt().map(Times::toMicros).orElse(null),
                  person.map(Person::name).orElse(""),
                  person.map(SqliteTokens::groups).orElse(""),
                  token.owner().map(owner -> owner.role().toString()).orElse(""));
          if (added == 0) {
            throw new ConflictException(
                "There is a token '%s' already".formatted(token.name()),
                "Revoke it, or choose another name");
          }
          return added;
        });
  }

  /** Whoever gets the name of a user after him gets none of his tokens. */
  private static void requireThere(Sql sql, Optional<Person> owner) throws SQLException {
    Optional<String> user = owner.filter(one -> !one.isKnownElsewhere()).map(Person::name);
    if (user.isPresent()
        && sql.first("SELECT name FROM users WHERE name = ?", row -> row.getString(1), user.get())
            .isEmpty()) {
      throw new ConflictException(
          "There is no user '%s'".formatted(user.get()),
          "Add him with `headrace user add`, or name somebody as `oidc:NAME`");
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

  @Override
  public int revokeAll(String owner) {
    return database.write(
        SYNCED,
        "revoke the tokens of '%s'".formatted(owner),
        sql -> sql.update("DELETE FROM tokens WHERE owner = ?", owner));
  }

  @Override
  public void regroup(Person owner) {
    String groups = groups(owner);
    database.write(
        SYNCED,
        "remember the groups of '%s'".formatted(owner.name()),
        sql ->
            sql.update(
                "UPDATE tokens SET groups = ? WHERE owner = ? AND groups <> ?",
                groups,
                owner.name(),
                groups));
  }
}
