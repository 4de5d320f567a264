package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Tick;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Schedules in SQLite. */
final class SqliteSchedules implements Schedules {
  private static final String TICK =
      "schedule, number, due, ready, lacks, reached_time, positions, parameters, state,"
          + " missed, attempt, run, started_at, finished_at, message";

  private static final String TICKS = "SELECT " + TICK + " FROM ticks ";

  /** A schedule with the last of its ticks, whose columns come first. */
  private static final String STANDINGS =
      "SELECT "
          + TICK
          + ", name, since, paused_at, paused_by FROM schedules LEFT JOIN ticks ON schedule = name"
          + " AND number = (SELECT max(number) FROM ticks WHERE schedule = name) ";

  /** The first column behind those of a tick. */
  private static final int NAME = 16;

  private final Database database;

  SqliteSchedules(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Standing> find(String schedule) {
    return database.read("read schedule '%s'".formatted(schedule), sql -> find(sql, schedule));
  }

  private static Optional<Standing> find(Sql sql, String schedule) throws SQLException {
    return sql.first(STANDINGS + "WHERE name = ?", SqliteSchedules::readStanding, schedule);
  }

  @Override
  public Standing keep(String schedule, Instant now) {
    return find(schedule)
        .orElseGet(
            () ->
                database.write(
                    ORDERED,
                    "keep schedule '%s'".formatted(schedule),
                    sql -> {
                      begin(sql, schedule, now);
                      return find(sql, schedule).orElseThrow();
                    }));
  }

  private static void begin(Sql sql, String schedule, Instant now) throws SQLException {
    sql.update(
        "INSERT INTO schedules (name, since) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        schedule,
        Times.toMicros(now));
  }

  @Override
  public Map<String, Standing> all() {
    Map<String, Standing> all = new HashMap<>();
    return database.read(
        "read the schedules",
        sql -> {
          sql.forEach(STANDINGS, row -> all.put(row.getString(NAME), readStanding(row)));
          return all;
        });
  }

  @Override
  public void pause(String schedule, String by, Instant now) {
    database.write(
        ORDERED,
        "pause schedule '%s'".formatted(schedule),
        sql -> {
          begin(sql, schedule, now);
          return sql.update(
              "UPDATE schedules SET paused_at = ?, paused_by = ?"
                  + " WHERE name = ? AND paused_at IS NULL",
              Times.toMicros(now),
              by,
              schedule);
        });
  }

  @Override
  public void resume(String schedule, Instant now) {
    database.write(
        ORDERED,
        "resume schedule '%s'".formatted(schedule),
        sql ->
            sql.update(
                "UPDATE schedules SET since = ?, paused_at = NULL, paused_by = NULL"
                    + " WHERE name = ? AND paused_at IS NOT NULL",
                Times.toMicros(now),
                schedule));
  }

  @Override
  public boolean record(Tick tick, List<Long> taken, Fence fence) {
    return database.write(
        ORDERED,
        "record a tick of schedule '%s'".formatted(tick.schedule()),
        sql -> {
          // A schedule that was removed while its tick went on is not there again because of it.
          boolean isHeld = SqliteLeases.isHeld(sql, fence) && isKept(sql, tick.schedule());
          if (isHeld) {
            record(sql, tick);
            SqliteRequests.take(sql, tick, taken);
          }
          return isHeld;
        });
  }

  private static boolean isKept(Sql sql, String schedule) throws SQLException {
    return sql.first("SELECT 1 FROM schedules WHERE name = ?", row -> row.getLong(1), schedule)
        .isPresent();
  }

  private static void record(Sql sql, Tick tick) throws SQLException {
    Occasion occasion = tick.occasion();
    sql.update(
        "INSERT INTO ticks ("
            + TICK
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (schedule, number) DO UPDATE SET state = excluded.state,"
            + " missed = excluded.missed, attempt = excluded.attempt, run = excluded.run,"
            + " started_at = excluded.started_at, finished_at = excluded.finished_at,"
            + " message = excluded.message",
        tick.schedule(),
        tick.number(),
        Times.toMicros(occasion.due()),
        Times.toMicros(occasion.ready()),
        occasion.lacks(),
        Times.toMicros(occasion.reached().time()),
        MapText.write(occasion.reached().positions()),
        MapText.write(occasion.parameters()),
        tick.state().name(),
        tick.missed(),
        tick.attempt(),
        tick.run().orElse(null),
        Times.toMicros(tick.startedAt()),
        tick.finishedAt().map(Times::toMicros).orElse(null),
        tick.message());
  }

  @Override
  public List<Tick> ticks(Optional<String> schedule, int limit) {
    return database.read(
        "list ticks",
        sql ->
            schedule.isPresent()
                ? sql.list(
                    TICKS + "WHERE schedule = ? ORDER BY number DESC LIMIT ?",
                    SqliteSchedules::readTick,
                    schedule.get(),
                    limit)
                : sql.list(
                    TICKS + "ORDER BY due DESC, schedule DESC, number DESC LIMIT ?",
                    SqliteSchedules::readTick,
                    limit));
  }

  @Override
  public void remove(String schedule) {
    database.write(
        ORDERED,
        "forget schedule '%s'".formatted(schedule),
        sql -> {
          sql.update("DELETE FROM requests WHERE schedule = ?", schedule);
          sql.update("DELETE FROM ticks WHERE schedule = ?", schedule);
          return sql.update("DELETE FROM schedules WHERE name = ?", schedule);
        });
  }

  /** The last of each schedule stays: it says how far that has come. */
  @Override
  public void forget(Instant before) {
    database.write(
        ORDERED,
        "forget old ticks",
        sql ->
            sql.update(
                "DELETE FROM ticks WHERE due < ? AND number < (SELECT max(later.number) FROM ticks later"
                    + " WHERE later.schedule = ticks.schedule)",
                Times.toMicros(before)));
  }

  private static Standing readStanding(ResultSet row) throws SQLException {
    Optional<Tick> last = row.getString(1) == null ? Optional.empty() : Optional.of(readTick(row));
    String by = row.getString(NAME + 3);
    Optional<Pause> paused = Times.find(row, NAME + 2).map(since -> new Pause(since, by));
    return new Standing(Times.fromMicros(row.getLong(NAME + 1)), last, paused);
  }

  private static Tick readTick(ResultSet row) throws SQLException {
    Occasion occasion =
        new Occasion(
            Times.fromMicros(row.getLong(3)),
            Times.fromMicros(row.getLong(4)),
            row.getString(5),
            new Occasion.Reached(Times.fromMicros(row.getLong(6)), MapText.read(row.getString(7))),
            MapText.read(row.getString(8)));
    return new Tick(
        row.getString(1),
        row.getLong(2),
        occasion,
        Tick.State.valueOf(row.getString(9)),
        row.getLong(10),
        row.getInt(11),
        Optional.ofNullable(row.getString(12)),
        Times.fromMicros(row.getLong(13)),
        Times.find(row, 14),
        row.getString(15));
  }
}
