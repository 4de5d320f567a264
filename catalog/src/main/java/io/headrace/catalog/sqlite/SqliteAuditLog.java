package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.access.AuditLog;
import java.time.Instant;
import java.util.List;

/**
 * The audit log in SQLite. A crash of the process loses nothing of it; one of the machine loses at
 * most what was asked in the moment before.
 */
final class SqliteAuditLog implements AuditLog {
  private final Database database;

  SqliteAuditLog(Database database) {
    this.database = database;
  }

  @Override
  public long add(Entry entry) {
    return database.write(
        ORDERED,
        "write to the audit log",
        sql -> {
          sql.update(
              "INSERT INTO audit"
                  + " (at, who, address, action, project, environment, subject, outcome)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              Times.toMicros(entry.at()),
              entry.who(),
              entry.address(),
              entry.action(),
              entry.project(),
              entry.environment(),
              entry.subject(),
              entry.outcome());
          return sql.first("SELECT last_insert_rowid()", row -> row.getLong(1)).orElseThrow();
        });
  }

  @Override
  public void conclude(long number, String outcome) {
    database.write(
        ORDERED,
        "write to the audit log",
        sql -> sql.update("UPDATE audit SET outcome = ? WHERE number = ?", outcome, number));
  }

  @Override
  public List<Entry> list(int limit) {
    return database.read(
        "read the audit log",
        sql ->
            sql.list(
                "SELECT at, who, address, action, project, environment, subject, outcome"
                    + " FROM audit ORDER BY number DESC LIMIT ?",
                row ->
                    new Entry(
                        Times.fromMicros(row.getLong(1)),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8)),
                limit));
  }

  @Override
  public void forget(Instant before) {
    database.write(
        ORDERED,
        "forget entries of the audit log",
        sql -> sql.update("DELETE FROM audit WHERE at < ?", Times.toMicros(before)));
  }
}
