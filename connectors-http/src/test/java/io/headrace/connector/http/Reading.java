package io.headrace.connector.http;

import io.headrace.connector.Connection;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sources of one connection, read as a run reads them, by a clock that only their pauses move. */
final class Reading {
  private static final Engine ENGINE =
      ServiceLoader.load(EngineProvider.class)
          .findFirst()
          .orElseThrow()
          .start(
              new EngineProvider.Settings(
                  512L << 20, 2, Path.of(System.getProperty("java.io.tmpdir"))));

  private final Path root;
  private final Map<String, String> connection;
  private final Map<String, String> environment;
  private final List<Duration> pauses = new ArrayList<>();
  private final HttpConnector connector;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");

  /**
   * @param connection its settings by key, those of the environment as {@code $NAME}
   */
  Reading(Path root, Map<String, String> connection, Map<String, String> environment) {
    this.root = root;
    this.connection = connection;
    this.environment = environment;
    this.connector =
        new HttpConnector(
            new Waits(
                (duration, cancel) -> {
                  cancel.throwIfRequested();
                  pauses.add(duration);
                  now = now.plus(duration);
                },
                new SplittableRandom(7),
                () -> now));
  }

  /** A connection to this machine, with {@code key=value} besides. */
  static Reading of(Path root, String url, String... settings) {
    Map<String, String> connection = new TreeMap<>(Map.of("url", url, "allow_private", "true"));
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      connection.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new Reading(root, connection, Map.of("SECRET", "s3cr\"et", "USER", "ada"));
  }

  List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  /** Opens a source with settings such as {@code path=/orders} and columns such as id BIGINT. */
  Source open(Map<String, String> settings, String... columns) {
    List<DeclaredColumn> declared = new ArrayList<>();
    for (String column : columns) {
      int space = column.indexOf(' ');
      declared.add(new DeclaredColumn(column.substring(0, space), column.substring(space + 1)));
    }
    return connector.open(
        new SourceSettings(root, named(), new TreeMap<>(settings), declared, new TreeMap<>()),
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

  /** Opens a path that is delivered to, with settings such as {@code batch=2}. */
  Target target(String path, String... settings) {
    TreeMap<String, String> said = new TreeMap<>();
    for (String setting : settings) {
      said.put(setting.replaceFirst("=.*", ""), setting.replaceFirst(".*?=", ""));
    }
    return connector.openTarget(
        new TargetSettings(root, root.resolve("memory"), named(), path, said),
        new Secrets(root, environment::get));
  }

  /** Rows that the engine makes, as a delivery of all of them. */
  Delivery all(String version, Optional<String> before, String sql, String... key) {
    Path rows = rows(sql);
    return new Delivery(
        version,
        before,
        Instant.parse("2026-01-31T12:00:00Z"),
        columns(sql),
        List.of(key),
        new Delivery.Replace(rows));
  }

  /** The same as the rows of some keys. */
  Delivery update(String version, String before, String sql, String keys, String... key) {
    Delivery all = all(version, Optional.of(before), sql, key);
    return new Delivery(
        version,
        all.before(),
        all.at(),
        all.columns(),
        all.key(),
        new Delivery.Update(rows(keys), all.change().rows()));
  }

  private List<Column> columns(String sql) {
    try (Session session = ENGINE.open(root)) {
      return session.describe(new Select(sql), Cancellation.never());
    }
  }

  private Path rows(String sql) {
    try (Session session = ENGINE.open(root)) {
      Path file = Files.createTempDirectory(root, "delivery").resolve("rows.csv");
      session.export(
          new Select(RowTexts.select(columns(sql), "(" + sql + ")")),
          file,
          ExportFormat.QUOTED_CSV,
          Cancellation.never());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All rows of a source without a cursor. */
  List<String> rows(Map<String, String> settings, String... columns) {
    try (Source source = open(settings, columns)) {
      return rows(source, List.of(), List.of());
    }
  }

  List<String> rows(String path, String... columns) {
    return rows(Map.of("path", path), columns);
  }

  List<String> rows(Source source, List<Position> after, List<Position> upTo) {
    Staged staged = stage(source, after, upTo, Cancellation.never());
    try (Session session = ENGINE.open(root)) {
      FileScan scan =
          new FileScan(
              staged.format(), staged.files(), staged.columns(), List.of(), staged.options());
      return session.query(scan, Long.MAX_VALUE - 1, Cancellation.never()).values().stream()
          .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining(" | ")))
          .toList();
    }
  }

  Staged stage(Source source, List<Position> after, List<Position> upTo, Cancellation cancel) {
    try {
      return source.read(after, upTo, Files.createTempDirectory(root, "staged"), cancel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
