package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;
import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.catalog.Part;
import io.headrace.catalog.Parts;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parts in SQLite. Losing the newest in a power cut costs their work, and nothing else. */
final class SqliteParts implements Parts {
  private static final String PART =
      "SELECT fingerprint, table_name, metadata_location, row_count FROM parts ";

  private static final String GARBAGE =
      PART
          + """
          WHERE used_at < ?
            AND run NOT IN (SELECT id FROM runs WHERE state = 'RUNNING' AND heartbeat_at >= ?)
            AND fingerprint NOT IN (SELECT lease_key FROM leases WHERE expires_at > ?)
          ORDER BY table_name, fingerprint
          """;

  private final Database database;

  SqliteParts(Database database) {
    this.database = database;
  }

  @Override
  public Map<String, Part> use(Collection<String> fingerprints, String run, Instant now) {
    return database.write(
        ORDERED,
        "use parts",
        sql -> {
          Map<String, Part> found = new HashMap<>();
          sql.forEachOf(
              PART + "WHERE fingerprint IN (?)",
              fingerprints,
              result -> found.put(result.getString(1), readPart(result)));
          for (String fingerprint : found.keySet()) {
            sql.update(
                "UPDATE parts SET run = ?, used_at = ? WHERE fingerprint = ?",
                run,
                Times.toMicros(now),
                fingerprint);
          }
          return found;
        });
  }

  @Override
  public boolean record(Part part, String run, Instant now) {
    return database.write(
        ORDERED,
        "record part '%s'".formatted(part.fingerprint()),
        sql ->
            SqliteVersions.holds(sql, part.fingerprint(), run)
                && sql.update(
                        "INSERT INTO parts (fingerprint, table_name, metadata_location, row_count,"
                            + " run, used_at) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (fingerprint) DO UPDATE"
                            + " SET metadata_location = excluded.metadata_location,"
                            + " row_count = excluded.row_count, run = excluded.run,"
                            + " used_at = excluded.used_at",
                        part.fingerprint(),
                        part.table().toString(),
                        part.metadataLocation(),
                        part.rowCount(),
                        run,
                        Times.toMicros(now))
                    == 1);
  }

  @Override
  public void forget(Collection<String> fingerprints) {
    database.write(ORDERED, "forget parts", sql -> delete(sql, fingerprints));
  }

  @Override
  public List<Part> all() {
    return database.read(
        "list parts",
        sql -> sql.list(PART + "ORDER BY table_name, fingerprint", SqliteParts::readPart));
  }

  @Override
  public List<Part> collect(Instant usedSince, Instant now, boolean dryRun) {
    String doing = "collect parts";
    return dryRun
        ? database.read(doing, sql -> garbage(sql, usedSince, now))
        : database.write(
            SYNCED,
            doing,
            sql -> {
              List<Part> garbage = garbage(sql, usedSince, now);
              delete(sql, garbage.stream().map(Part::fingerprint).toList());
              return garbage;
            });
  }

  private static List<Part> garbage(Sql sql, Instant usedSince, Instant now) throws SQLException {
    return sql.list(
        GARBAGE,
        SqliteParts::readPart,
        Times.toMicros(usedSince),
        Times.toMicros(now.minus(SqliteVersions.RUN_COUNTS_AS_DEAD_AFTER)),
        Times.toMicros(now));
  }

  private static int delete(Sql sql, Collection<String> fingerprints) throws SQLException {
    int deleted = 0;
    for (String fingerprint : fingerprints) {
      deleted += sql.update("DELETE FROM parts WHERE fingerprint = ?", fingerprint);
    }
    return deleted;
  }

  private static Part readPart(ResultSet result) throws SQLException {
    return new Part(
        result.getString(1),
        TableName.parse(result.getString(2)),
        result.getString(3),
        result.getLong(4));
  }
}
