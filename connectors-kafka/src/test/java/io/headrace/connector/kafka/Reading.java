package io.headrace.connector.kafka;

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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Topics, read as a run reads them. */
record Reading(Path root, String bootstrap) {
  private static final Engine ENGINE =
      ServiceLoader.load(EngineProvider.class)
          .findFirst()
          .orElseThrow()
          .start(
              new EngineProvider.Settings(
                  512L << 20, 2, Path.of(System.getProperty("java.io.tmpdir"))));

  /**
   * Opens a topic with settings such as {@code start=latest} and columns such as {@code id BIGINT}.
   */
  Source open(String topic, Map<String, String> settings, String... columns) {
    return open(Map.of("bootstrap", new Setting.Plain(bootstrap)), topic, settings, columns);
  }

  Source open(
      Map<String, Setting> connection,
      String topic,
      Map<String, String> settings,
      String... columns) {
    return open(connection, new TreeMap<>(), topic, settings, columns);
  }

  /** Opens a topic, with a schema registry that is found with some settings. */
  Source open(
      String topic,
      Map<String, Setting> registry,
      Map<String, String> settings,
      String... columns) {
    TreeMap<String, Connection> others = new TreeMap<>();
    others.put(
        "registry",
        new Connection("schemas", new TreeMap<>(registry), new Location("headrace.yaml", 1, 1)));
    return open(
        Map.of("bootstrap", new Setting.Plain(bootstrap)), others, topic, settings, columns);
  }

  private Source open(
      Map<String, Setting> connection,
      SortedMap<String, Connection> others,
      String topic,
      Map<String, String> settings,
      String... columns) {
    TreeMap<String, String> all = new TreeMap<>(settings);
    all.put("topic", topic);
    List<DeclaredColumn> declared = new ArrayList<>();
    for (String column : columns) {
      int space = column.indexOf(' ');
      declared.add(new DeclaredColumn(column.substring(0, space), column.substring(space + 1)));
    }
    return connector()
        .open(new SourceSettings(root, connection(connection), all, declared, others), secrets());
  }

  private static Connector connector() {
    return ServiceLoader.load(Connector.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.kind().equals("kafka"))
        .findFirst()
        .orElseThrow();
  }

  private static Connection connection(Map<String, Setting> settings) {
    return new Connection("events", new TreeMap<>(settings), new Location("headrace.yaml", 1, 1));
  }

  private Secrets secrets() {
    return new Secrets(root, name -> name.equals("SECRET") ? "s3cr\"et" : null);
  }

  /** Opens a topic that is delivered to. */
  Target target(String topic) {
    Connection connection = connection(Map.of("bootstrap", new Setting.Plain(bootstrap)));
    return connector()
        .openTarget(new TargetSettings(root, root, connection, topic, new TreeMap<>()), secrets());
  }

  /** Rows that the engine makes, as all of a delivery. */
  Delivery delivery(String version, Optional<String> before, String sql, String... key) {
    try (Session session = ENGINE.open(root)) {
      Cancellation never = Cancellation.never();
      List<Column> columns = session.describe(new Select(sql), never);
      Path file = Files.createTempDirectory(root, "delivery").resolve("rows.csv");
      session.export(
          new Select(RowTexts.select(columns, "(" + sql + ")")),
          file,
          ExportFormat.QUOTED_CSV,
          never);
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

  Source text(String topic) {
    return open(topic, Map.of("format", "text"));
  }

  List<List<Object>> rows(Source source, List<Position> after, List<Position> upTo)
      throws IOException {
    Staged staged =
        source.read(after, upTo, Files.createTempDirectory(root, "staged"), Cancellation.never());
    try (Session session = ENGINE.open(root)) {
      FileScan scan =
          new FileScan(
              staged.format(), staged.all(), staged.columns(), List.of(), staged.options());
      return session.query(scan, Long.MAX_VALUE - 1, Cancellation.never()).values().stream()
          .sorted(Comparator.comparing(Reading::place))
          .toList();
    }
  }

  /** Rows have no order of their own. */
  private static long place(List<Object> row) {
    return ((Number) row.get(0)).longValue() * (1L << 48) + ((Number) row.get(1)).longValue();
  }

  /** Partition, offset and value of messages that are text, in order. */
  List<String> messages(Source source, List<Position> after, List<Position> upTo)
      throws IOException {
    return rows(source, after, upTo).stream()
        .map(row -> row.get(0) + "/" + row.get(1) + " " + row.get(5))
        .sorted()
        .toList();
  }

  /** Rows of all messages of a topic: the key, the fields, the error and what was wrong. */
  List<String> all(String topic, String... columns) throws IOException {
    try (Source source = open(topic, Map.of(), columns)) {
      return all(source);
    }
  }

  /** Rows of all messages of a source: the key, the fields, the error and what was wrong. */
  List<String> all(Source source) throws IOException {
    return rows(source, List.of(), source.positions()).stream()
        .map(
            row ->
                Stream.of(
                        row.subList(3, 4).stream(),
                        row.subList(5, row.size() - 3).stream(),
                        Stream.of(row.get(row.size() - 1)),
                        Stream.of(row.get(row.size() - 2)))
                    .flatMap(each -> each)
                    .map(String::valueOf)
                    .collect(Collectors.joining(" | ")))
        .toList();
  }
}
