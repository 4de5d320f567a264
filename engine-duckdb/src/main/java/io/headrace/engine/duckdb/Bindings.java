package io.headrace.engine.duckdb;

import io.headrace.engine.Veil;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the tables of a session mean.
 *
 * <p>A table is made in DuckDB when a query first has its name among its words, wherever: creating
 * a view opens its files, and a session may bind a thousand tables and read three. Safe for many
 * threads.
 */
final class Bindings {
  /** Words of queries that can see tables without naming them. */
  private static final Set<String> SEEING_ALL =
      Set.of("show", "information_schema", "pg_catalog", "query", "query_table", "sqlite_master");

  /** A table of no more than this is read into memory: to open its files takes longer than that. */
  private static final long SMALL_ROWS = 2048;

  private static final long SMALL_BYTES = 64 << 10;

  private final Map<TableName, Definition> pending = new HashMap<>();
  private final Map<TableName, Definition> made = new HashMap<>();
  private final Map<String, Map<TableName, Long>> sizesByName = new HashMap<>();
  private final Set<String> schemas = new HashSet<>();

  private enum Kind {
    VIEW,
    TABLE
  }

  private record Definition(Kind kind, Supplier<String> query) {}

  /** How many bytes the tables have that {@code sql} could read. */
  synchronized long bytes(String sql) {
    long bytes = 0;
    for (String word : SqlText.words(sql)) {
      for (long size : sizesByName.getOrDefault(word, Map.of()).values()) {
        bytes += size;
      }
    }
    return bytes;
  }

  void bind(TableName name, TableData data, Veil veil) {
    boolean isSmall = data.rowCount() <= SMALL_ROWS && data.sizeBytes() <= SMALL_BYTES;
    put(
        name,
        new Definition(isSmall ? Kind.TABLE : Kind.VIEW, () -> Veils.over(name, data, veil)),
        data.sizeBytes());
  }

  /** Makes a table, not a view, because plans over views of files cannot be serialized. */
  void bindEmpty(TableName name, TableSchema schema) {
    put(name, new Definition(Kind.TABLE, () -> Scans.empty(schema)), 0);
  }

  void bindRows(TableName name, TableSchema schema, List<Map<String, Object>> rows) {
    if (rows.isEmpty()) {
      bindEmpty(name, schema);
    } else {
      put(name, new Definition(Kind.TABLE, () -> Literals.rows(schema, rows)), 0);
    }
  }

  private synchronized void put(TableName name, Definition definition, long bytes) {
    sizesByName.computeIfAbsent(name.name(), n -> new HashMap<>()).put(name, bytes);
    pending.put(name, definition);
  }

  /** Makes all tables again when they are needed: the catalog that they were in is gone. */
  synchronized void forget() {
    made.forEach(pending::putIfAbsent);
    made.clear();
    schemas.clear();
  }

  /** Makes the tables that {@code sql} could read, in {@code catalog}. */
  synchronized void makeReadable(Connection connection, String catalog, String sql)
      throws SQLException {
    if (pending.isEmpty()) {
      return;
    }
    Set<String> words = SqlText.words(sql);
    boolean all =
        words.stream().anyMatch(word -> SEEING_ALL.contains(word) || word.startsWith("duckdb_"));
    List<TableName> wanted = new ArrayList<>();
    if (all) {
      wanted.addAll(pending.keySet());
    } else {
      words.forEach(word -> wanted.addAll(sizesByName.getOrDefault(word, Map.of()).keySet()));
    }
    for (TableName name : wanted) {
      make(connection, catalog, name);
    }
  }

  private void make(Connection connection, String catalog, TableName name) throws SQLException {
    Definition definition = pending.get(name);
    if (definition == null) {
      return;
    }
    String schema = name.schema().isEmpty() ? Database.DEFAULT_SCHEMA : name.schema();
    String qualified =
        "%s.%s.%s"
            .formatted(
                SqlText.identifier(catalog),
                SqlText.identifier(schema),
                SqlText.identifier(name.name()));
    StringBuilder sql = new StringBuilder();
    boolean newSchema = !name.schema().isEmpty() && !schemas.contains(schema);
    if (newSchema) {
      sql.append(
          "CREATE SCHEMA IF NOT EXISTS %s.%s; "
              .formatted(SqlText.identifier(catalog), SqlText.identifier(schema)));
    }
    Definition before = made.get(name);
    boolean replacesOtherKind = false;
    if (before != null && before.kind() != definition.kind()) {
      replacesOtherKind = true;
      sql.append("BEGIN; DROP %s %s; ".formatted(before.kind(), qualified));
    }
    sql.append(
        "CREATE OR REPLACE %s %s AS %s"
            .formatted(definition.kind(), qualified, definition.query().get()));
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql.toString());
      if (replacesOtherKind) {
        statement.execute("COMMIT");
      }
    } catch (SQLException e) {
      if (replacesOtherKind) {
        rollBack(connection);
      }
      throw e;
    }
    schemas.add(schema);
    made.put(name, definition);
    pending.remove(name);
  }

  private static void rollBack(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    }
  }
}
