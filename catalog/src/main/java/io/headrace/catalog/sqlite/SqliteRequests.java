package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;
import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.catalog.Requests;
import io.headrace.catalog.Tick;
import io.headrace.error.ConflictException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Requests in SQLite. */
final class SqliteRequests implements Requests {
  private static final String REQUEST =
      "SELECT id, schedule, request_key, parameters, asked_by, asked_at, tick FROM requests ";

  private final Database database;

  SqliteRequests(Database database) {
    this.database = database;
  }

  @Override
  public Request ask(Asked asked) {
    String doing = "ask schedule '%s' for a run".formatted(asked.schedule());
    return database.write(
        SYNCED,
        doing,
        sql -> {
          Optional<Request> before =
              asked.key().isEmpty()
                  ? Optional.empty()
                  : sql.first(
                      REQUEST + "WHERE schedule = ? AND request_key = ?",
                      SqliteRequests::read,
                      asked.schedule(),
                      asked.key().get());
          if (before.isPresent()) {
            requireSame(doing, before.get().asked(), asked);
            return before.get();
          }
          return insert(sql, asked);
        });
  }

  private static void requireSame(String doing, Asked before, Asked asked) {
    if (!before.parameters().equals(asked.parameters())) {
      throw new ConflictException(
          "Cannot %s: key '%s' was used at %s for other parameters"
              .formatted(doing, asked.key().orElse(""), before.at()),
          "Give each request a key of its own");
    }
  }

  private static Request insert(Sql sql, Asked asked) throws SQLException {
    sql.update(
        "INSERT INTO requests (schedule, request_key, parameters, asked_by, asked_at)"
            + " VALUES (?, ?, ?, ?, ?)",
        asked.schedule(),
        asked.key().orElse(null),
        MapText.write(asked.parameters()),
        asked.by(),
        Times.toMicros(asked.at()));
    return sql.first(REQUEST + "WHERE id = last_insert_rowid()", SqliteRequests::read)
        .orElseThrow();
  }

  /** In the transaction that records the tick. */
  static void take(Sql sql, Tick tick, List<Long> taken) throws SQLException {
    for (long id : taken) {
      sql.update(
          "UPDATE requests SET tick = ? WHERE id = ? AND schedule = ? AND tick IS NULL",
          tick.number(),
          id,
          tick.schedule());
    }
  }

  @Override
  public List<Request> waiting(String schedule) {
    return database.read(
        "read requests of schedule '%s'".formatted(schedule),
        sql ->
            sql.list(
                REQUEST + "WHERE schedule = ? AND tick IS NULL ORDER BY id",
                SqliteRequests::read,
                schedule));
  }

  @Override
  public Set<String> waiting() {
    return database.read(
        "read requests",
        sql ->
            new TreeSet<>(
                sql.list(
                    "SELECT DISTINCT schedule FROM requests WHERE tick IS NULL",
                    row -> row.getString(1))));
  }

  @Override
  public List<Request> of(String schedule, long tick) {
    return database.read(
        "read requests of schedule '%s'".formatted(schedule),
        sql ->
            sql.list(
                REQUEST + "WHERE schedule = ? AND tick = ? ORDER BY id",
                SqliteRequests::read,
                schedule,
                tick));
  }

  @Override
  public void forget(Instant before) {
    database.write(
        ORDERED,
        "forget old requests",
        sql ->
            sql.update(
                "DELETE FROM requests WHERE asked_at < ? AND tick IS NOT NULL",
                Times.toMicros(before)));
  }

  private static Request read(ResultSet row) throws SQLException {
    long tick = row.getLong(7);
    return new Request(
        row.getLong(1),
        new Asked(
            row.getString(2),
            Optional.ofNullable(row.getString(3)),
            MapText.read(row.getString(4)),
            row.getString(5),
            Times.fromMicros(row.getLong(6))),
        tick == 0 ? Optional.empty() : Optional.of(tick));
  }
}
