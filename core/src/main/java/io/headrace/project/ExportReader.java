package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.Location;
import io.headrace.error.NearestWord;
import io.headrace.error.Problems;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlDocument;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the files of {@code exports/}. */
final class ExportReader {
  private static final String FILE = "file";

  static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "table",
                  "environment",
                  DatabaseReader.DATABASE,
                  "into",
                  TopicReader.KAFKA,
                  TopicReader.TOPIC,
                  ApiReader.API,
                  ApiExportReader.PATH,
                  FILE,
                  "mode",
                  "key",
                  "otherwise",
                  "description"),
              ApiExportReader.KEYS.stream())
          .toList();

  private static final String FOLDER = "exports/";
  private static final String MAIN = "main";
  private static final Map<String, Export.Mode> MODES = new LinkedHashMap<>();
  private static final Map<String, Boolean> OR_SWAP = new LinkedHashMap<>();

  static {
    for (Export.Mode mode : Export.Mode.values()) {
      MODES.put(mode.toString(), mode);
    }
    OR_SWAP.put("swap", true);
    OR_SWAP.put("refuse", false);
  }

  private final Collection<TableName> tables;
  private final SortedMap<String, Connection> connections;
  private final Problems problems;
  private final SortedMap<String, Export> found = new TreeMap<>();

  /**
   * @param tables those of the project
   * @param connections those of the project, by name
   */
  ExportReader(
      Collection<TableName> tables, SortedMap<String, Connection> connections, Problems problems) {
    this.tables = tables;
    this.connections = connections;
    this.problems = problems;
  }

  /** What was read, by name. */
  SortedMap<String, Export> found() {
    return found;
  }

  /** Reads a file. */
  void read(String file, String text) {
    Location at = new Location(file, 1, 1);
    if (!file.endsWith(".yaml") && !file.endsWith(".yml")) {
      problems.add(
          at,
          "Unknown kind of file '%s'".formatted(file.substring(file.lastIndexOf('/') + 1)),
          "exports/ holds .yaml files that say where tables are delivered to");
      return;
    }
    String name = file.substring(FOLDER.length(), file.lastIndexOf('.')).replace('/', '.');
    Optional<YamlValue> yaml = YamlDocument.parse(file, text, 1, problems);
    if (yaml.isEmpty()) {
      problems.add(at, "Nothing is exported", "Write `table: NAME` and where it is delivered to");
      return;
    }
    YamlMap map = yaml.get().map(KEYS);
    Optional<TableName> table = map.require("table").flatMap(this::table);
    Optional<Export.Destination> destination = destination(map);
    Export.Mode mode =
        map.find("mode").flatMap(value -> value.oneOf(MODES)).orElse(Export.Mode.SWAP);
    requireFitting(map, mode);
    boolean orSwap = map.find("otherwise").flatMap(value -> value.oneOf(OR_SWAP)).orElse(false);
    if (table.isPresent() && destination.isPresent()) {
      add(
          new Export(
              name,
              map.text("description").orElse(""),
              table.get(),
              map.text("environment").orElse(MAIN),
              destination.get(),
              mode,
              map.texts("key"),
              orSwap,
              at));
    }
  }

  private void add(Export export) {
    for (Export other : found.values()) {
      if (other.name().equals(export.name())
          || isSamePlace(other.destination(), export.destination())) {
        problems.add(
            export.at(),
            "Two exports to one place: '%s' delivers to '%s' too"
                .formatted(other.at().file(), other.destination()),
            "Deliver to another place, or remove one of the two files");
      }
    }
    found.putIfAbsent(export.name(), export);
  }

  private static boolean isSamePlace(Export.Destination one, Export.Destination other) {
    return (one instanceof Export.External a && other instanceof Export.External b)
        ? a.kind().equals(b.kind())
            && a.connection().equals(b.connection())
            && a.into().equals(b.into())
        : one.equals(other);
  }

  private Optional<TableName> table(YamlValue value) {
    Optional<String> text = value.text();
    Optional<TableName> known =
        text.flatMap(
            name -> tables.stream().filter(table -> table.toString().equals(name)).findFirst());
    if (text.isPresent() && known.isEmpty()) {
      List<String> names = tables.stream().map(TableName::toString).toList();
      value.problem(
          "Unknown table '%s'".formatted(text.get()),
          NearestWord.hint(text.get(), names, "An export delivers a table of the project"));
    }
    return known;
  }

  /**
   * A kind of outside system.
   *
   * @param kind of its connector, and the key that names the connection
   * @param into the key that names the thing there
   * @param setting that every connection to such a system has
   */
  private record Outside(String kind, String into, String setting) {}

  private static final List<Outside> OUTSIDE =
      List.of(
          new Outside(DatabaseReader.DATABASE, "into", "url"),
          new Outside(TopicReader.KAFKA, TopicReader.TOPIC, "bootstrap"),
          new Outside(ApiReader.API, ApiExportReader.PATH, "url"));

  private static final String WHERE =
      "Say `database: CONNECTION` and `into: TABLE`, `kafka: CONNECTION` and `topic: TOPIC`,"
          + " `api: CONNECTION` and `path: /PATH`, or `file: out/orders.parquet`";

  private Optional<Export.Destination> destination(YamlMap map) {
    List<String> said =
        Stream.concat(OUTSIDE.stream().map(Outside::kind), Stream.of(FILE))
            .filter(map::has)
            .toList();
    if (said.size() != 1) {
      map.problem(
          said.isEmpty()
              ? "Unclear where it is delivered to"
              : "Both `%s` and `%s`".formatted(said.get(0), said.get(1)),
          WHERE);
      return Optional.empty();
    }
    OUTSIDE.stream()
        .filter(outside -> !map.has(outside.kind()))
        .forEach(outside -> refuse(map, outside.into(), outside.kind() + ": CONNECTION"));
    if (!map.has(ApiReader.API)) {
      ApiExportReader.KEYS.forEach(key -> refuse(map, key, ApiReader.API + ": CONNECTION"));
    }
    return map.has(FILE)
        ? map.find(FILE).flatMap(ExportReader::file)
        : OUTSIDE.stream()
            .filter(outside -> map.has(outside.kind()))
            .findFirst()
            .flatMap(outside -> outside(map, outside));
  }

  private Optional<Export.Destination> outside(YamlMap map, Outside outside) {
    Optional<String> into =
        map.require(outside.into())
            .flatMap(
                value ->
                    value.text().filter(String::isBlank).isPresent()
                        ? value.wrongKind("a name")
                        : value.text());
    YamlValue named = map.find(outside.kind()).orElseThrow();
    Optional<Connection> connection =
        named
            .text()
            .flatMap(name -> ConnectionReader.find(connections, named, name, outside.setting()));
    SortedMap<String, String> settings =
        outside.kind().equals(ApiReader.API) ? ApiExportReader.read(map) : new TreeMap<>();
    return connection.isPresent() && into.isPresent()
        ? Optional.of(
            new Export.External(outside.kind(), connection.get(), into.get().strip(), settings))
        : Optional.empty();
  }

  private static Optional<Export.Destination> file(YamlValue value) {
    Optional<String> text = value.text();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String name = text.get().toLowerCase(Locale.ROOT);
    Map<String, ExportFormat> formats =
        Map.of(
            "csv",
            ExportFormat.CSV,
            "json",
            ExportFormat.JSON,
            "parquet",
            ExportFormat.PARQUET,
            "xlsx",
            ExportFormat.EXCEL);
    ExportFormat format = formats.get(name.substring(name.lastIndexOf('.') + 1));
    if (format == null) {
      value.problem(
          "Cannot tell the format of '%s'".formatted(text.get()),
          "End it in .csv, .json, .parquet or .xlsx");
      return Optional.empty();
    }
    if (isOurs(text.get())) {
      value.problem(
          "A file in 'tables/' or '.headrace/' would be a part of the project itself",
          "Name another folder: `file: out/orders.parquet`");
      return Optional.empty();
    }
    return Optional.of(new Export.File(text.get(), format));
  }

  private static boolean isOurs(String file) {
    String path = file.replace('\\', '/').replaceFirst("^(\\./+)+", "");
    return path.startsWith("tables/") || path.startsWith(".headrace/");
  }

  private static void requireFitting(YamlMap map, Export.Mode mode) {
    if (map.has(FILE) && mode != Export.Mode.SWAP) {
      map.find("mode")
          .ifPresent(
              value ->
                  value.problem(
                      "A file is always written whole", "Leave `mode` out, or name a database"));
    }
    boolean isTopic = map.has(TopicReader.KAFKA);
    boolean isApi = map.has(ApiReader.API);
    if ((isTopic || isApi) && mode == Export.Mode.SWAP) {
      map.problem(
          isTopic
              ? "What is in a topic stays there: `mode` is upsert or append"
              : "What an API has taken stays there: `mode` is upsert or append",
          "Say `mode: upsert` and `key` for the latest row of each key, or `mode: append` for a table that only gets new rows");
    }
    if (mode == Export.Mode.UPSERT && map.texts("key").isEmpty()) {
      map.problem(
          "Nothing tells which rows are replaced: `key` is missing",
          "Name the columns that tell rows apart: `key: [id]`");
    }
    if (mode != Export.Mode.UPSERT) {
      refuse(map, "key", "mode: upsert");
      if (isApi) {
        refuse(map, "deletes", "mode: upsert");
      }
    }
    if (mode != Export.Mode.APPEND && !isTopic && !isApi) {
      refuse(map, "otherwise", "mode: append");
    }
  }

  private static void refuse(YamlMap map, String key, String beside) {
    map.find(key)
        .ifPresent(
            value ->
                value.problem(
                    "`%s` means something only with `%s`".formatted(key, beside),
                    "Leave it out, or say `%s`".formatted(beside)));
  }
}
