package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Measurement;
import io.headrace.catalog.Measurements;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Measurements in SQLite. */
final class SqliteMeasurements implements Measurements {
  private static final String MEASUREMENT =
      "SELECT v.created_at, v.row_count, m.nulls, m.distinct_values FROM versions v"
          + " LEFT JOIN measurements m ON m.version = v.id ";

  /** The newest first, so that it ends at the limit however long a table's history is. */
  private static final String HISTORY =
      """
      SELECT v.created_at, v.row_count, m.nulls, m.distinct_values
      FROM changes h
      CROSS JOIN commits c ON c.id = h.commit_id
      CROSS JOIN versions v ON v.id = h.version_after
      LEFT JOIN measurements m ON m.version = v.id
      WHERE h.table_name = ?1 AND c.environment IN (?2, ?3) AND h.version_after <> ?4
        AND h.commit_id < coalesce(
          (SELECT min(f.commit_id) FROM changes f JOIN commits d ON d.id = f.commit_id
           WHERE f.version_after = ?4 AND d.environment IN (?2, ?3)), h.commit_id + 1)
        AND NOT EXISTS (
          SELECT 1 FROM changes f JOIN commits d ON d.id = f.commit_id
          WHERE f.version_after = h.version_after AND f.commit_id < h.commit_id
            AND d.environment IN (?2, ?3))
      ORDER BY h.commit_id DESC LIMIT ?5
      """;

  private final Database database;

  SqliteMeasurements(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Measurement> find(String version) {
    return database.read(
        "read measurements",
        sql -> sql.first(MEASUREMENT + "WHERE v.id = ?", SqliteMeasurements::read, version));
  }

  @Override
  public void record(String version, Measurement measurement) {
    database.write(
        ORDERED,
        "record measurements",
        sql ->
            sql.update(
                "INSERT INTO measurements (version, nulls, distinct_values)"
                    + " SELECT id, ?, ? FROM versions WHERE id = ?"
                    + " ON CONFLICT (version) DO UPDATE"
                    + " SET nulls = excluded.nulls, distinct_values = excluded.distinct_values",
                write(measurement.nulls()),
                write(measurement.distinctValues()),
                version));
  }

  @Override
  public List<Measurement> history(TableName table, String environment, String before, int limit) {
    return database.read(
        "read measurements",
        sql -> {
          List<Measurement> newestFirst =
              sql.list(
                  HISTORY,
                  SqliteMeasurements::read,
                  table.toString(),
                  environment,
                  Environment.MAIN,
                  before,
                  limit);
          Collections.reverse(newestFirst);
          return newestFirst;
        });
  }

  private static Measurement read(ResultSet result) throws SQLException {
    return new Measurement(
        Times.fromMicros(result.getLong(1)),
        result.getLong(2),
        numbers(result.getString(3)),
        numbers(result.getString(4)));
  }

  private static String write(Map<String, Long> numbers) {
    SortedMap<String, String> texts = new TreeMap<>();
    numbers.forEach((name, number) -> texts.put(name, number.toString()));
    return MapText.write(texts);
  }

  private static SortedMap<String, Long> numbers(@Nullable String text) {
    SortedMap<String, Long> numbers = new TreeMap<>();
    if (text != null) {
      MapText.read(text).forEach((name, number) -> numbers.put(name, Long.valueOf(number)));
    }
    return numbers;
  }
}
