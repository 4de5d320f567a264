package io.headrace.connector.jdbc;

import io.headrace.connector.Connection;
import io.headrace.connector.Connector;
import io.headrace.connector.Delivery;
import io.headrace.connector.Position;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Staged;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Select;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.Location;
import io.headrace.export.RowTexts;
import io.headrace.table.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sources of one connection, read as a run reads them.
 *
 * @param root the project's folder
 * @param connection its settings by key, those of the environment as {@code $NAME}
 */
record Reading(Path root, Map<String, String> connection, Map<String, String> environment) {
  private static final Engine ENGINE =
      ServiceLoader.load(EngineProvider.class)
          .findFirst()
          .orElseThrow()
          .start(
              new EngineProvider.Settings(
                  512L << 20, 2, Path.of(System.getProperty("java.io.tmpdir"))));

  /** Opens a source. */
  Source open(Map<String, String> settings, DeclaredColumn... columns) {
    return connector()
        .open(
            new SourceSettings(
                root, named(), new TreeMap<>(settings), List.of(columns), new TreeMap<>()),
            new Secrets(root, environment::get));
  }

  /** Opens a target. */
  Target target(String into) {
    return connector()
        .openTarget(
            new TargetSettings(root, root, named(), into, new TreeMap<>()),
            new Secrets(root, environment::get));
  }

  private Connection named() {
    TreeMap<String, Setting> values = new TreeMap<>();
    connection.forEach(
        (key, value) ->
            values.put(
                key,
                value.startsWith("$")
                    ? new Setting.FromEnvironment(value.substring(1))
                    : new Setting.Plain(value)));
    return new Connection("shop", values, new Location("headrace.yaml", 1, 1));
  }

  private static Connector connector() {
    return ServiceLoader.load(Connector.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.kind().equals("database"))
        .findFirst()
        .orElseThrow();
  }

  /** Rows that the engine makes, as those of a delivery. */
  Delivery delivery(String version, Optional<String> before, String sql, String... key) {
    try (Session session = ENGINE.open(root)) {
      Cancellation never = Cancellation.never();
      List<Column> columns = session.describe(new Select(sql), never);
      Path file = Files.createTempDirectory(root, "delivery").resolve("rows.csv");
      String texts = RowTexts.select(columns, "(" + sql + ")");
      session.export(new Select(texts), file, ExportFormat.QUOTED_CSV, never);
      return new Delivery(
          version,
          before,
          Instant.parse("2026-01-31T12:00:00Z"),
          columns,
          List.of(key),
          new Delivery.Replace(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the engine makes of a query. */
  List<String> computed(String sql) {
    try (Session session = ENGINE.open(root)) {
      return session
          .query(new Select(sql), Long.MAX_VALUE - 1, Cancellation.never())
          .values()
          .stream()
          .map(row -> row.stream().map(Reading::text).collect(Collectors.joining(" | ")))
          .toList();
    }
  }

  /** All rows of a source without a cursor, as the engine reads them. */
  List<String> all(Map<String, String> settings, DeclaredColumn... columns) {
    try (Source source = open(settings, columns)) {
      return rows(source, List.of(), List.of());
    }
  }

  List<String> table(String table, DeclaredColumn... columns) {
    return all(Map.of("table", table), columns);
  }

  List<String> query(String query, DeclaredColumn... columns) {
    return all(Map.of("query", query), columns);
  }

  List<String> rows(Source source, List<Position> after, List<Position> upTo) {
    return rows(stage(source, after, upTo)).stream()
        .map(row -> row.stream().map(Reading::text).collect(Collectors.joining(" | ")))
        .toList();
  }

  Staged stage(Source source, List<Position> after, List<Position> upTo) {
    try {
      Path folder = Files.createTempDirectory(root, "staged");
      return source.read(after, upTo, folder, Cancellation.never());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the engine makes of files. */
  List<List<Object>> rows(Staged staged) {
    try (Session session = ENGINE.open(root)) {
      FileScan scan =
          new FileScan(
              staged.format(), staged.files(), staged.columns(), List.of(), staged.options());
      return session.query(scan, Long.MAX_VALUE - 1, Cancellation.never()).values();
    }
  }

  /** The columns of a source, as {@code name TYPE}. */
  List<String> columns(Map<String, String> settings, DeclaredColumn... columns) {
    try (Source source = open(settings, columns)) {
      List<String> names = new ArrayList<>();
      source.columns().forEach(column -> names.add(column.name() + " " + column.type()));
      return names;
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? "0x" + HexFormat.of().formatHex(bytes)
        : String.valueOf(value);
  }
}
