package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a source file says of a table or a query of a database. */
final class DatabaseReader {
  /** The key that names the connection, and is the kind of the connector. */
  static final String DATABASE = "database";

  static final String CURSOR = "cursor";

  /** What a source in a database may say besides. */
  static final List<String> DATABASE_KEYS = List.of("table", "query", CURSOR, "parallel");

  private static final List<String> TEXTS = List.of("table", "query", CURSOR);
  private static final int MOST_PARTS = 64;

  private static final List<String> FILE_KEYS = List.of("files", "format", "options");

  private final SortedMap<String, Connection> connections;

  /**
   * @param connections those of the project, by name
   */
  DatabaseReader(SortedMap<String, Connection> connections) {
    this.connections = connections;
  }

  /** Whether the file is about a database. */
  static boolean isInDatabase(YamlMap map) {
    return map.has(DATABASE);
  }

  /** Reports the keys that mean something only beside one that is not there. */
  static void refuseKeysOfDatabases(YamlMap map) {
    DATABASE_KEYS.stream()
        .flatMap(key -> map.find(key).stream())
        .forEach(
            value ->
                value.problem(
                    "This belongs to a source in a database, and there is no `database`",
                    "Leave it out, or name a connection: `database: NAME`"));
  }

  Optional<Task.Body> read(
      YamlMap map, List<DeclaredColumn> columns, Optional<Task.Incremental> incremental) {
    FILE_KEYS.stream()
        .flatMap(key -> map.find(key).stream())
        .forEach(
            value ->
                value.problem(
                    "This belongs to a source of files, and this one is in a database",
                    "Leave it out"));
    YamlValue database = map.find(DATABASE).orElseThrow();
    if (map.has("table") == map.has("query")) {
      database.problem(
          map.has("table")
              ? "Both `table` and `query`"
              : "Unclear what is read: neither `table` nor `query`",
          "Say `table: orders`, or `query: SELECT ...` in the database's own SQL");
    }
    checkCursor(map, database, incremental);
    SortedMap<String, String> settings = new TreeMap<>();
    TEXTS.forEach(key -> map.text(key).ifPresent(text -> settings.put(key, text)));
    map.find("parallel").ifPresent(value -> readParallel(value, settings));
    return database
        .text()
        .flatMap(name -> ConnectionReader.find(connections, database, name, "url"))
        .map(
            connection ->
                new Task.External(
                    DATABASE,
                    connection,
                    settings,
                    settings.containsKey(CURSOR),
                    columns,
                    new TreeMap<>(),
                    database.at()));
  }

  /** Reports a source that takes in what is new, if nothing tells that. */
  static void checkCursor(
      YamlMap map, YamlValue connection, Optional<Task.Incremental> incremental) {
    if (incremental.isPresent() && !map.has(CURSOR)) {
      connection.problem(
          "Nothing tells which rows are new: `cursor` is missing",
          "Name the column that grows with each new or changed row: `cursor: updated_at`");
    }
    incremental.ifPresent(how -> checkOrder(how, map));
  }

  /** By which column rows are read in several parts at the same time. */
  private static void readParallel(YamlValue value, SortedMap<String, String> settings) {
    if (!value.isMap()) {
      value.problem(
          "Unclear how it is read in parts",
          "Write `parallel: {by: id, parts: 4}`, a column and how many");
      return;
    }
    YamlMap parallel = value.map(List.of("by", "parts"));
    Optional<String> by = parallel.require("by").flatMap(YamlValue::text);
    Optional<Long> parts =
        parallel.require("parts").flatMap(number -> number.integer(2, MOST_PARTS));
    if (by.isPresent() && parts.isPresent()) {
      settings.put(Task.External.PARALLEL_BY, by.get());
      settings.put(Task.External.PARALLEL_PARTS, Long.toString(parts.get()));
    }
  }

  /** Rows of the same key have to arrive in the order in which the latest one wins. */
  private static void checkOrder(Task.Incremental how, YamlMap map) {
    String first = how.rule().map(rule -> rule.latestBy().get(0)).orElse("");
    map.find(CURSOR)
        .filter(cursor -> !first.isEmpty())
        .filter(cursor -> !cursor.text().orElse(first).equalsIgnoreCase(first))
        .ifPresent(
            cursor ->
                cursor.problem(
                    "Rows arrive in the order of this, and the latest by '%s' wins"
                        .formatted(first),
                    "Name the same column first in both"));
  }
}
