package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;
import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Versions in SQLite.
 *
 * <p>A recorded version is durable at the next publication, which is the first moment that anybody
 * relies on it.
 */
final class SqliteVersions implements Versions {
  static final Duration RUN_COUNTS_AS_DEAD_AFTER = Duration.ofSeconds(60);
  private static final String VERSION =
      "SELECT id, table_name, metadata_location, row_count, size_bytes, created_at, run, recipe"
          + " FROM versions ";

  /**
   * What nothing reaches. The pointers of an environment at a commit are those of its head, with
   * the changes since undone: so the pointers of now and both sides of each later change are all
   * that ever was from that commit on.
   */
  private static final String GARBAGE =
      VERSION
          + """
          WHERE created_at < ?
            AND run NOT IN (SELECT id FROM runs WHERE state = 'RUNNING' AND heartbeat_at >= ?)
            AND id NOT IN (
              SELECT version FROM pointers
              UNION SELECT version FROM pins
              UNION SELECT b.version FROM builds b JOIN leases l ON l.lease_key = b.fingerprint
                WHERE l.expires_at > ?
              UNION SELECT version_before FROM later_changes WHERE version_before IS NOT NULL
              UNION SELECT version_after FROM later_changes WHERE version_after IS NOT NULL)
          """;

  private static final String LATER_CHANGES =
      """
      WITH oldest_kept AS (
        SELECT environment, max(id) AS id FROM commits WHERE at <= ? GROUP BY environment),
      later_changes AS (
        SELECT h.version_before, h.version_after FROM changes h
          JOIN commits c ON c.id = h.commit_id
          LEFT JOIN oldest_kept o ON o.environment = c.environment
        WHERE c.id > coalesce(o.id, 0))
      """;

  private static final String BUILT_AT_HEAD =
      "SELECT "
          + Sql.pair("b.fingerprint", "b.version")
          + " FROM pointers p JOIN builds b ON b.version = p.version WHERE p.environment = ?";

  private final Database database;

  SqliteVersions(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Version> find(String id) {
    return Optional.ofNullable(findAll(List.of(id)).get(id));
  }

  @Override
  public Map<String, Version> findAll(Collection<String> ids) {
    Map<String, Version> versions = new HashMap<>();
    return database.read(
        "read versions",
        sql -> {
          sql.forEachOf(
              VERSION + "WHERE id IN (?)",
              ids,
              result -> versions.put(result.getString(1), readVersion(result)));
          return versions;
        });
  }

  @Override
  public Optional<String> findBuilt(String fingerprint) {
    return database.read(
        "read fingerprint '%s'".formatted(fingerprint),
        sql ->
            sql.first(
                "SELECT version FROM builds WHERE fingerprint = ?",
                result -> result.getString(1),
                fingerprint));
  }

  @Override
  public Map<String, String> builtAt(Snapshot snapshot) {
    Set<String> wanted = new HashSet<>(snapshot.versions().values());
    Set<String> rest = new HashSet<>(wanted);
    Map<String, String> built = new HashMap<>(wanted.size() * 2);
    return database.read(
        "read versions of environment '%s'".formatted(snapshot.environment()),
        sql -> {
          // Nearly always the snapshot is the head: then this finds all of it at once.
          sql.forEachPair(
              BUILT_AT_HEAD,
              (fingerprint, version) -> {
                if (wanted.contains(version)) {
                  built.put(fingerprint, version);
                  rest.remove(version);
                }
              },
              snapshot.environment());
          sql.forEachOf(
              "SELECT fingerprint, version FROM builds WHERE version IN (?)",
              rest,
              result -> built.put(result.getString(1), result.getString(2)));
          return built;
        });
  }

  @Override
  public boolean record(String fingerprint, Version version, String leaseOwner) {
    return database.write(
        ORDERED,
        "record version '%s'".formatted(version.id()),
        sql ->
            holds(sql, fingerprint, leaseOwner)
                && insert(sql, version)
                && link(
                    sql,
                    fingerprint,
                    version.id(),
                    fingerprint.equals(version.id()) ? null : version.recipe()));
  }

  @Override
  public boolean recordSame(String fingerprint, String version, Recipe recipe, String leaseOwner) {
    return database.write(
        ORDERED,
        "record version '%s'".formatted(version),
        sql ->
            holds(sql, fingerprint, leaseOwner)
                && exists(sql, version)
                && link(sql, fingerprint, version, recipe));
  }

  /** A lease that ran out unnoticed still holds here: only another owner makes a difference. */
  static boolean holds(Sql sql, String key, String owner) throws SQLException {
    return sql.first(
            "SELECT 1 FROM leases WHERE lease_key = ? AND owner = ?", result -> true, key, owner)
        .isPresent();
  }

  private static boolean exists(Sql sql, String version) throws SQLException {
    return sql.first("SELECT 1 FROM versions WHERE id = ?", result -> true, version).isPresent();
  }

  /** Returns whether the version is there now as given; one that is there never changes. */
  static boolean insert(Sql sql, Version version) throws SQLException {
    int inserted =
        sql.update(
            "INSERT INTO versions (id, table_name, metadata_location, row_count, size_bytes,"
                + " created_at, run, recipe) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (id) DO NOTHING",
            version.id(),
            version.table().toString(),
            version.metadataLocation(),
            version.rowCount(),
            version.sizeBytes(),
            Times.toMicros(version.createdAt()),
            version.run(),
            RecipeText.format(version.recipe()));
    return inserted == 1
        || sql.first(
                "SELECT 1 FROM versions WHERE id = ? AND metadata_location = ?",
                result -> true,
                version.id(),
                version.metadataLocation())
            .isPresent();
  }

  private static boolean link(Sql sql, String fingerprint, String version, @Nullable Recipe recipe)
      throws SQLException {
    requireOneWord(fingerprint);
    requireOneWord(version);
    sql.update(
        "INSERT INTO builds (fingerprint, version, recipe) VALUES (?, ?, ?)"
            + " ON CONFLICT (fingerprint) DO UPDATE"
            + " SET version = excluded.version, recipe = excluded.recipe",
        fingerprint,
        version,
        recipe == null ? null : RecipeText.format(recipe));
    return true;
  }

  /** Names are read back many in one text, see {@link Sql#forEachPair}. */
  private static void requireOneWord(String name) {
    if (name.indexOf('\t') >= 0 || name.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("Invalid fingerprint '%s'".formatted(name));
    }
  }

  @Override
  public List<Version> history(String table, int limit) {
    return database.read(
        "read versions of table '%s'".formatted(table),
        sql ->
            sql.list(
                VERSION + "WHERE table_name = ? ORDER BY created_at DESC, id LIMIT ?",
                SqliteVersions::readVersion,
                table,
                limit));
  }

  @Override
  public List<Version> all() {
    return database.read(
        "list versions",
        sql -> sql.list(VERSION + "ORDER BY created_at, id", SqliteVersions::readVersion));
  }

  @Override
  public List<Recipe> recipes(String version) {
    return database.read(
        "read version '%s'".formatted(version),
        sql ->
            sql.list(
                "SELECT coalesce(b.recipe, v.recipe) FROM versions v"
                    + " JOIN builds b ON b.version = v.id WHERE v.id = ? ORDER BY b.fingerprint",
                result -> RecipeText.parse(result.getString(1)),
                version));
  }

  @Override
  public Optional<Recipe> recipe(String fingerprint) {
    return database.read(
        "read fingerprint '%s'".formatted(fingerprint),
        sql ->
            sql.first(
                "SELECT coalesce(b.recipe, v.recipe) FROM builds b"
                    + " JOIN versions v ON v.id = b.version WHERE b.fingerprint = ?",
                result -> RecipeText.parse(result.getString(1)),
                fingerprint));
  }

  @Override
  public List<Version> collect(Instant keepSince, Instant now, boolean dryRun) {
    String doing = "collect versions";
    return dryRun
        ? database.read(doing, sql -> garbage(sql, keepSince, now))
        : database.write(SYNCED, doing, sql -> forget(sql, keepSince, now));
  }

  private static List<Version> garbage(Sql sql, Instant keepSince, Instant now)
      throws SQLException {
    return sql.list(
        LATER_CHANGES + GARBAGE + "ORDER BY table_name, created_at, id",
        SqliteVersions::readVersion,
        Times.toMicros(keepSince),
        Times.toMicros(keepSince),
        Times.toMicros(now.minus(RUN_COUNTS_AS_DEAD_AFTER)),
        Times.toMicros(now));
  }

  private static List<Version> forget(Sql sql, Instant keepSince, Instant now) throws SQLException {
    List<Version> garbage = garbage(sql, keepSince, now);
    for (Version version : garbage) {
      sql.update("DELETE FROM builds WHERE version = ?", version.id());
      sql.update("DELETE FROM measurements WHERE version = ?", version.id());
      sql.update("DELETE FROM versions WHERE id = ?", version.id());
    }
    sql.update("DELETE FROM leases WHERE expires_at <= ?", Times.toMicros(now));
    return garbage;
  }

  private static Version readVersion(ResultSet result) throws SQLException {
    return new Version(
        result.getString(1),
        TableName.parse(result.getString(2)),
        result.getString(3),
        result.getLong(4),
        result.getLong(5),
        Times.fromMicros(result.getLong(6)),
        result.getString(7),
        RecipeText.parse(result.getString(8)));
  }
}
