package io.headrace.catalog.sqlite;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Fence;
import io.headrace.catalog.FencedException;
import io.headrace.catalog.Publication;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The head of an environment, and how a commit moves it. Each method is part of a transaction. */
final class Head {
  static final String ENVIRONMENT = "SELECT name, head, forked_from, created_at FROM environments ";

  /** The author of commits that no user asked for by themselves. */
  private static final String AUTHOR = "headrace";

  /** With more tables than this, all pointers are read at once. */
  private static final int FEW_TABLES = 100;

  private static final int NAMES_IN_MESSAGE = 10;

  private Head() {}

  static Optional<Environment> find(Sql sql, String name) throws SQLException {
    return sql.first(ENVIRONMENT + "WHERE name = ?", Head::readEnvironment, name);
  }

  static Environment readEnvironment(ResultSet result) throws SQLException {
    long forkedFrom = result.getLong(3);
    return new Environment(
        result.getString(1),
        result.getLong(2),
        forkedFrom == 0 ? Optional.empty() : Optional.of(forkedFrom),
        Times.fromMicros(result.getLong(4)));
  }

  static Environment require(Sql sql, String doing, String name) throws SQLException {
    Optional<Environment> found = find(sql, name);
    if (found.isPresent()) {
      return found.get();
    }
    List<String> names =
        sql.list("SELECT name FROM environments ORDER BY name", row -> row.getString(1));
    throw new HeadraceException(
        "Cannot %s: there is no environment of that name".formatted(doing),
        "There are: " + String.join(", ", names));
  }

  static SortedMap<TableName, String> pointers(Sql sql, String environment) throws SQLException {
    SortedMap<TableName, String> pointers = new TreeMap<>();
    sql.forEachPair(
        "SELECT " + Sql.pair("table_name", "version") + " FROM pointers WHERE environment = ?",
        (table, version) -> pointers.put(TableName.parse(table), version),
        environment);
    return pointers;
  }

  private static SortedMap<TableName, String> pointers(
      Sql sql, String environment, Set<TableName> tables) throws SQLException {
    if (tables.size() > FEW_TABLES) {
      return pointers(sql, environment);
    }
    SortedMap<TableName, String> pointers = new TreeMap<>();
    for (TableName table : tables) {
      sql.first(
              "SELECT version FROM pointers WHERE environment = ? AND table_name = ?",
              result -> result.getString(1),
              environment,
              table.toString())
          .ifPresent(version -> pointers.put(table, version));
    }
    return pointers;
  }

  /** Makes an environment; its first commit, if it has tables, brings all of them. */
  static Environment create(
      Sql sql, String name, Optional<Long> from, SortedMap<TableName, String> pointers, Instant now)
      throws SQLException {
    sql.update(
        "INSERT INTO environments (name, head, forked_from, created_at) VALUES (?, 0, ?, ?)",
        name,
        from.orElse(null),
        Times.toMicros(now));
    Environment created =
        find(sql, name).orElseThrow(() -> new IllegalStateException("It was just made"));
    if (pointers.isEmpty()) {
      return created;
    }
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    pointers.forEach((table, version) -> changes.put(table, Optional.of(version)));
    String message = "Create environment from commit %d".formatted(from.orElse(0L));
    Publication first =
        new Publication(
            name, AUTHOR, message, Optional.empty(), now, changes, changes, Optional.empty());
    long commit =
        commit(
            sql,
            UUID.randomUUID().toString(),
            created,
            first,
            Collections.emptySortedMap(),
            changes);
    return new Environment(name, commit, created.forkedFrom(), created.createdAt());
  }

  static void delete(Sql sql, String name) throws SQLException {
    sql.update(
        "DELETE FROM changes WHERE commit_id IN (SELECT id FROM commits WHERE environment = ?)",
        name);
    sql.update("DELETE FROM commits WHERE environment = ?", name);
    sql.update("DELETE FROM pointers WHERE environment = ?", name);
    sql.update("DELETE FROM looks WHERE environment = ?", name);
    sql.update("DELETE FROM environments WHERE name = ?", name);
  }

  /** Makes the commit called {@code name} and returns its number. */
  static long publish(Sql sql, String doing, String name, Publication publication)
      throws SQLException {
    String environment = publication.environment();
    Environment before = require(sql, doing, environment);
    SortedMap<TableName, String> current =
        pointers(sql, environment, publication.expected().keySet());
    requireFence(sql, doing, publication);
    requireUnmoved(doing, publication, current);
    requireVersions(sql, doing, publication);
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    publication
        .changes()
        .forEach(
            (table, after) -> {
              if (!after.equals(Optional.ofNullable(current.get(table)))) {
                changes.put(table, after);
              }
            });
    if (publication.forkedFrom().isPresent()) {
      sql.update(
          "UPDATE environments SET forked_from = ? WHERE name = ?",
          publication.forkedFrom().get(),
          environment);
    }
    return changes.isEmpty()
        ? before.head()
        : commit(sql, name, before, publication, current, changes);
  }

  private static void requireFence(Sql sql, String doing, Publication publication)
      throws SQLException {
    if (publication.fence().isPresent()) {
      Fence fence = publication.fence().get();
      if (!SqliteLeases.isHeld(sql, fence)) {
        throw new FencedException(
            "Cannot %s: another has taken '%s' over".formatted(doing, fence.key()));
      }
    }
  }

  private static void requireUnmoved(
      String doing, Publication publication, SortedMap<TableName, String> current) {
    List<TableName> moved = new ArrayList<>();
    publication
        .expected()
        .forEach(
            (table, version) -> {
              if (!version.equals(Optional.ofNullable(current.get(table)))) {
                moved.add(table);
              }
            });
    if (!moved.isEmpty()) {
      throw new ConflictException(
          "Cannot %s: moved since: %s".formatted(doing, names(moved)),
          "Run again; what the move left untouched is not built a second time");
    }
  }

  private static void requireVersions(Sql sql, String doing, Publication publication)
      throws SQLException {
    Set<String> missing = new HashSet<>();
    publication.changes().values().stream().flatMap(Optional::stream).forEach(missing::add);
    sql.forEachOf(
        "SELECT id FROM versions WHERE id IN (?)",
        List.copyOf(missing),
        result -> missing.remove(result.getString(1)));
    if (!missing.isEmpty()) {
      List<TableName> tables =
          publication.changes().entrySet().stream()
              .filter(change -> change.getValue().filter(missing::contains).isPresent())
              .map(Map.Entry::getKey)
              .toList();
      throw new HeadraceException(
          "Cannot %s: the new versions are not there any more: %s".formatted(doing, names(tables)),
          "Run again to build them");
    }
  }

  private static String names(List<TableName> tables) {
    Stream<String> names = tables.stream().limit(NAMES_IN_MESSAGE).map(TableName::toString);
    int more = tables.size() - NAMES_IN_MESSAGE;
    return names.collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private static long commit(
      Sql sql,
      String name,
      Environment environment,
      Publication publication,
      SortedMap<TableName, String> current,
      SortedMap<TableName, Optional<String>> changes)
      throws SQLException {
    sql.update("UPDATE last_commit SET id = id + 1");
    long commit =
        sql.first("SELECT id FROM last_commit", result -> result.getLong(1))
            .orElseThrow(() -> new IllegalStateException("There is always a last commit"));
    sql.update(
        "INSERT INTO commits (id, environment, parent, author, message, run, at, publication)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        commit,
        environment.name(),
        environment.head(),
        publication.author(),
        publication.message(),
        publication.run().orElse(null),
        Times.toMicros(publication.at()),
        name);
    for (Map.Entry<TableName, Optional<String>> change : changes.entrySet()) {
      String table = change.getKey().toString();
      String after = change.getValue().orElse(null);
      sql.update(
          "INSERT INTO changes (commit_id, table_name, version_before, version_after)"
              + " VALUES (?, ?, ?, ?)",
          commit,
          table,
          current.get(change.getKey()),
          after);
      if (after == null) {
        sql.update(
            "DELETE FROM pointers WHERE environment = ? AND table_name = ?",
            environment.name(),
            table);
      } else {
        sql.update(
            "INSERT INTO pointers (environment, table_name, version) VALUES (?, ?, ?)"
                + " ON CONFLICT (environment, table_name) DO UPDATE SET version = excluded.version",
            environment.name(),
            table,
            after);
      }
    }
    sql.update("UPDATE environments SET head = ? WHERE name = ?", commit, environment.name());
    return commit;
  }
}
