package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.SYNCED;

import io.headrace.catalog.Erasures;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Version;
import io.headrace.catalog.sqlite.Database.CommitFailedException;
import io.headrace.error.ConflictException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.table.TableName;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Erasures in SQLite. */
final class SqliteErasures implements Erasures {
  private static final String DOING = "erase rows";

  private final Database database;

  SqliteErasures(Database database) {
    this.database = database;
  }

  @Override
  public void apply(
      Replacements replacements, BiFunction<TableName, Recipe, String> fingerprint, Instant now) {
    try {
      int unused =
          database.tryWrite(
              SYNCED,
              sql -> {
                requireNobody(sql, now);
                requireAsSeen(sql, replacements);
                return replace(sql, replacements, fingerprint);
              });
    } catch (CommitFailedException e) {
      if (Failures.isCertainlyNotCommitted(e)) {
        throw Failures.translate(DOING, database.file(), e);
      }
      throw new OutcomeUnknownException(
          "Cannot %s: it may or may not have happened: %s".formatted(DOING, e.getMessage()),
          "See to the disk, then give the command again: it says what is left",
          e);
    } catch (SQLException e) {
      throw Failures.translate(DOING, database.file(), e);
    }
  }

  private static void requireNobody(Sql sql, Instant now) throws SQLException {
    boolean isAnyAlive =
        sql.first(
                "SELECT 1 FROM runs WHERE state = 'RUNNING' AND heartbeat_at >= ?"
                    + " UNION ALL SELECT 1 FROM leases WHERE expires_at > ?",
                result -> true,
                Times.toMicros(now.minus(SqliteVersions.RUN_COUNTS_AS_DEAD_AFTER)),
                Times.toMicros(now))
            .isPresent();
    if (isAnyAlive) {
      throw new ConflictException(
          "Cannot %s: a run is alive, which may be reading them".formatted(DOING),
          "Try again when it is over; one that was killed counts as over after a minute");
    }
  }

  private static void requireAsSeen(Sql sql, Replacements replacements) throws SQLException {
    Map<String, String> seen = new HashMap<>();
    replacements.seen().forEach(v -> seen.put(v.id(), v.metadataLocation()));
    Map<String, String> there = new HashMap<>();
    sql.forEachOf(
        "SELECT id, metadata_location FROM versions WHERE table_name IN (?)",
        names(replacements),
        result -> there.put(result.getString(1), result.getString(2)));
    if (!there.equals(seen)) {
      throw new ConflictException(
          "Cannot %s: a table has changed since they were looked for".formatted(DOING),
          "Give the command again");
    }
  }

  private static List<String> names(Replacements replacements) {
    return replacements.tables().stream().map(TableName::toString).toList();
  }

  private static int replace(
      Sql sql, Replacements replacements, BiFunction<TableName, Recipe, String> fingerprint)
      throws SQLException {
    Map<String, String> ids = new HashMap<>();
    for (Replacement replacement : replacements.replaced()) {
      ids.put(replacement.before(), replacement.after().id());
      moveTo(sql, replacement.before(), replacement.after());
    }
    mapRecipes(sql, replacements, ids, fingerprint);
    for (String table : names(replacements)) {
      sql.update("DELETE FROM rewrites WHERE table_name = ?", table);
      sql.update("DELETE FROM parts WHERE table_name = ?", table);
    }
    // Why a task failed may show values of the rows, of whatever table.
    sql.update("UPDATE task_runs SET message = '' WHERE message <> ''");
    return ids.size();
  }

  private static void moveTo(Sql sql, String before, Version after) throws SQLException {
    String id = after.id();
    boolean unused = SqliteVersions.insert(sql, after);
    sql.update("UPDATE pointers SET version = ? WHERE version = ?", id, before);
    sql.update("UPDATE changes SET version_before = ? WHERE version_before = ?", id, before);
    sql.update("UPDATE changes SET version_after = ? WHERE version_after = ?", id, before);
    sql.update("UPDATE pins SET version = ? WHERE version = ?", id, before);
    sql.update("UPDATE builds SET version = ? WHERE version = ?", id, before);
    // Numbers of all rows tell nothing of one, and history goes on.
    sql.update(
        "INSERT INTO measurements (version, nulls, distinct_values)"
            + " SELECT ?, nulls, distinct_values FROM measurements WHERE version = ?"
            + " ON CONFLICT (version) DO NOTHING",
        id,
        before);
    sql.update("DELETE FROM measurements WHERE version = ?", before);
    sql.update("DELETE FROM versions WHERE id = ?", before);
  }

  /** A fingerprint of one of the tables, and what it stands for. */
  private record Build(String fingerprint, TableName table, String version, Recipe recipe) {}

  /** Says of the tables that they were made from the new versions. */
  private static void mapRecipes(
      Sql sql,
      Replacements replacements,
      Map<String, String> ids,
      BiFunction<TableName, Recipe, String> fingerprint)
      throws SQLException {
    List<Build> builds = new ArrayList<>();
    sql.forEachOf(
        "SELECT b.fingerprint, v.table_name, b.version, coalesce(b.recipe, v.recipe)"
            + " FROM builds b JOIN versions v ON v.id = b.version WHERE v.table_name IN (?)",
        names(replacements),
        result ->
            builds.add(
                new Build(
                    result.getString(1),
                    TableName.parse(result.getString(2)),
                    result.getString(3),
                    RecipeText.parse(result.getString(4)))));
    Set<TableName> tables = new HashSet<>(replacements.tables());
    for (Build build : builds) {
      Recipe mapped = map(build.recipe(), tables, ids);
      if (!mapped.equals(build.recipe()) && mapped.unidentified().isEmpty()) {
        // What was built stays known under what it was built from, too.
        sql.update(
            "UPDATE builds SET recipe = ? WHERE fingerprint = ?",
            RecipeText.format(build.recipe()),
            build.fingerprint());
        sql.update(
            "INSERT INTO builds (fingerprint, version, recipe) VALUES (?, ?, ?)"
                + " ON CONFLICT (fingerprint) DO NOTHING",
            fingerprint.apply(build.table(), mapped),
            build.version(),
            RecipeText.format(mapped));
      }
    }
    Map<String, Recipe> recipes = new HashMap<>();
    sql.forEachOf(
        "SELECT id, recipe FROM versions WHERE table_name IN (?)",
        names(replacements),
        result -> recipes.put(result.getString(1), RecipeText.parse(result.getString(2))));
    for (Map.Entry<String, Recipe> recipe : recipes.entrySet()) {
      sql.update(
          "UPDATE versions SET recipe = ? WHERE id = ?",
          RecipeText.format(map(recipe.getValue(), tables, ids)),
          recipe.getKey());
    }
  }

  private static Recipe map(Recipe recipe, Set<TableName> tables, Map<String, String> ids) {
    List<Input> inputs =
        recipe.inputs().stream()
            .map(
                input ->
                    input.kind() == InputKind.TABLE
                            && tables.contains(TableName.parse(input.name()))
                        ? new Input(
                            input.kind(),
                            input.name(),
                            ids.getOrDefault(input.identity(), input.identity()))
                        : input)
            .toList();
    return new Recipe(
        recipe.code(), recipe.configuration(), recipe.parameters(), inputs, recipe.unidentified());
  }
}
