package io.headrace.project;

import io.headrace.check.Check;
import io.headrace.check.CheckReader;
import io.headrace.connector.Connection;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.error.Location;
import io.headrace.error.Problems;
import io.headrace.table.PartitionField;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlDocument;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads one file of {@code tables/} into a task. */
final class TaskReader {
  /** What every task may say. */
  static final List<String> TASK_KEYS =
      List.of(
          "description",
          "owner",
          "tags",
          "partition_by",
          "lookback",
          "incremental",
          "history",
          "renamed",
          RejectReader.REJECT,
          "checks",
          "timeout",
          "retries",
          "isolate",
          "allow_empty");

  /** What a query may say besides. */
  static final List<String> QUERY_KEYS = List.of("foreach");

  /** What a source may say besides. */
  static final List<String> SOURCE_KEYS =
      both(
          List.of(
              "files",
              "format",
              "columns",
              "options",
              DatabaseReader.DATABASE,
              TopicReader.KAFKA,
              ApiReader.API),
          both(DatabaseReader.DATABASE_KEYS, both(TopicReader.TOPIC_KEYS, ApiReader.API_KEYS)));

  private static final Map<String, Format> FORMATS =
      Arrays.stream(Format.values())
          .collect(Collectors.toMap(Format::toString, f -> f, (a, b) -> a, TreeMap::new));
  private static final Map<String, Format> FORMAT_BY_EXTENSION =
      Map.of(
          "csv", Format.CSV,
          "tsv", Format.CSV,
          "parquet", Format.PARQUET,
          "json", Format.JSON,
          "jsonl", Format.JSON,
          "ndjson", Format.JSON,
          "avro", Format.AVRO,
          "xlsx", Format.EXCEL,
          "xml", Format.XML);
  private static final String WHERE =
      "Say where the data is: `files: data/*.csv`, `database: CONNECTION` and `table: orders`,"
          + " `kafka: CONNECTION` and `topic: events`, or `api: CONNECTION` and `path: /orders`";

  private static final List<String> COMPRESSIONS = List.of(".gz", ".zst", ".zip");

  private final Problems problems;
  private final DatabaseReader databases;
  private final TopicReader topics;
  private final ApiReader apis;

  /**
   * @param connections those of the project, by name
   * @param root the project's folder
   */
  TaskReader(SortedMap<String, Connection> connections, Path root, Problems problems) {
    this.problems = problems;
    this.databases = new DatabaseReader(connections);
    this.topics = new TopicReader(connections, root);
    this.apis = new ApiReader(connections);
  }

  /** The format that a file name promises, compressed or not. */
  static Optional<Format> formatOf(String fileName) {
    String name = withoutCompression(fileName.toLowerCase(Locale.ROOT));
    return Optional.ofNullable(FORMAT_BY_EXTENSION.get(name.substring(name.lastIndexOf('.') + 1)));
  }

  /** A file name without the ending that says how the file is compressed. */
  static String withoutCompression(String fileName) {
    for (String ending : COMPRESSIONS) {
      if (fileName.endsWith(ending)) {
        return fileName.substring(0, fileName.length() - ending.length());
      }
    }
    return fileName;
  }

  /** A query, with its configuration in the first comment. */
  Task sql(TableName name, String file, String text) {
    Optional<FrontMatter> front = FrontMatter.find(text);
    Task.Configuration configuration =
        front
            .filter(FrontMatter::closed)
            .flatMap(f -> YamlDocument.parse(file, f.yaml(), f.firstLine(), problems))
            .map(yaml -> yaml.map(both(QUERY_KEYS, TASK_KEYS)))
            .map(map -> RejectReader.apply(name, map, configuration(name, map), new Task.Sql(text)))
            .orElse(Task.Configuration.NONE);
    front
        .filter(f -> !f.closed())
        .ifPresent(
            f ->
                problems.add(
                    new Location(file, 1, 1),
                    "Unclosed front matter: '/*---' has no '---*/'",
                    "End it with a line '---*/'"));
    return new Task(name, file, new Task.Sql(text), configuration);
  }

  /** A file that is the data. */
  Task data(TableName name, String file, Format format) {
    return new Task(name, file, new Task.Data(format), Task.Configuration.NONE);
  }

  /** A source: where raw data comes from. */
  Optional<Task> source(TableName name, String file, String text) {
    Optional<YamlValue> yaml = YamlDocument.parse(file, text, 1, problems);
    if (yaml.isEmpty()) {
      if (text.isBlank()) {
        problems.add(new Location(file, 1, 1), "Empty source", WHERE);
      }
      return Optional.empty();
    }
    YamlMap map = yaml.get().map(both(SOURCE_KEYS, TASK_KEYS));
    Task.Configuration configuration = configuration(name, map);
    configuration
        .incremental()
        .filter(Task.Snapshots.class::isInstance)
        .ifPresent(
            incremental ->
                problems.add(
                    incremental.at(),
                    "A source has no history of how things were: `valid_from` is missing",
                    "Name the column that tells since when a row is so, or keep the history in a"
                        + " table that reads this one"));
    configuration
        .incremental()
        .filter(incremental -> incremental.input().isPresent())
        .ifPresent(
            incremental ->
                problems.add(
                    incremental.at(),
                    "A source takes in what is new in it, and reads no table",
                    incremental instanceof Task.Append
                        ? "Write `incremental: append`"
                        : "Leave `from` out"));
    Optional<Task.Body> body;
    if (ApiReader.isApi(map)) {
      body = apis.read(map, columns(map), configuration.incremental());
      return body.map(b -> new Task(name, file, b, configuration));
    }
    ApiReader.refuseKeysOfApis(map);
    if (TopicReader.isTopic(map)) {
      boolean hasRules =
          map.has(RejectReader.REJECT)
              || configuration.incremental().flatMap(Task.Incremental::rule).isPresent();
      body = topics.read(map, columns(map), hasRules);
    } else if (DatabaseReader.isInDatabase(map)) {
      TopicReader.refuseKeysOfTopics(map);
      body = databases.read(map, columns(map), configuration.incremental());
    } else {
      DatabaseReader.refuseKeysOfDatabases(map);
      TopicReader.refuseKeysOfTopics(map);
      body = files(map);
    }
    return body.map(b -> new Task(name, file, b, RejectReader.apply(name, map, configuration, b)));
  }

  private static List<String> both(List<String> keys, List<String> others) {
    List<String> both = new ArrayList<>(keys);
    both.addAll(others);
    return both;
  }

  private Optional<Task.Body> files(YamlMap map) {
    Optional<YamlValue> files = map.find("files");
    if (files.isEmpty()) {
      map.problem("Missing key 'files'", WHERE);
    }
    List<PathPattern> patterns =
        files.map(YamlValue::texts).orElse(List.of()).stream().map(PathPattern::parse).toList();
    if (files.isEmpty() || patterns.isEmpty()) {
      return Optional.empty();
    }
    if (patterns.size() > 1 && patterns.stream().anyMatch(p -> !p.columns().isEmpty())) {
      files
          .get()
          .problem(
              "Several patterns, and one names parts of the path",
              "Give one pattern, such as `files: data/{month}.csv`");
    }
    if (!patterns.get(0).isClear()) {
      files
          .get()
          .problem(
              "'**' behind a name: which folder the name stands for is not clear",
              "Put `**` before the names, or write `*` for each folder");
    }
    List<String> globs = patterns.stream().map(PathPattern::glob).toList();
    Optional<Format> format =
        map.has("format")
            ? map.find("format").flatMap(value -> value.oneOf(FORMATS))
            : formatOf(globs.get(0));
    if (format.isEmpty()) {
      if (!map.has("format")) {
        files
            .get()
            .problem(
                "Unknown format of '%s'".formatted(globs.get(0)),
                "Add `format: csv`, or another of " + String.join(", ", FORMATS.keySet()));
      }
      return Optional.empty();
    }
    return Optional.of(
        new Task.Files(
            globs,
            format.get(),
            columns(map),
            patterns.get(0).columns(),
            options(map),
            files.get().at()));
  }

  private static List<DeclaredColumn> columns(YamlMap map) {
    List<DeclaredColumn> columns = new ArrayList<>();
    map.find("columns")
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach(
            (column, type) ->
                type.text().ifPresent(t -> columns.add(new DeclaredColumn(column, t))));
    return columns;
  }

  private static SortedMap<String, String> options(YamlMap map) {
    SortedMap<String, String> options = new TreeMap<>();
    map.find("options")
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach((key, value) -> value.text().ifPresent(text -> options.put(key, text)));
    return options;
  }

  private static Task.Configuration configuration(TableName name, YamlMap map) {
    List<Check> checks =
        map.find("checks").map(list -> CheckReader.read(name, list)).orElse(List.of());
    Map<String, String> renamed = new LinkedHashMap<>();
    map.find("renamed")
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach((newName, old) -> old.text().ifPresent(o -> renamed.put(newName, o)));
    List<PartitionField> partitioning = PartitionReader.read(map);
    return new Task.Configuration(
        map.text("description").orElse(""),
        map.text("owner").orElse(""),
        new TreeSet<>(map.texts("tags")),
        partitioning,
        new TreeMap<>(renamed),
        checks,
        Limits.read(map),
        lookback(map, partitioning.stream().anyMatch(f -> f.transform().isCalendar())),
        IncrementalReader.read(map).or(() -> TopicReader.append(map)),
        foreach(map),
        Optional.empty(),
        map.bool("allow_empty").orElse(false));
  }

  private static Optional<Integer> lookback(YamlMap map, boolean byTime) {
    if (map.has("lookback") && !byTime) {
      map.find("lookback")
          .get()
          .problem(
              "A lookback counts units of time, and the table is not partitioned by time",
              "Add `partition_by: day(COLUMN)`, or month, year or hour");
    }
    return map.integer("lookback", 0, 1_000).map(Long::intValue);
  }

  private static Optional<Task.Foreach> foreach(YamlMap map) {
    for (String other : List.of("partition_by", "lookback", "incremental", "history")) {
      if (map.has("foreach") && map.has(other)) {
        map.find(other)
            .get()
            .problem(
                "`%s` beside `foreach`".formatted(other),
                "Leave it out: the table has a partition for each item, and keeps those that did not change");
      }
    }
    return map.find("foreach")
        .flatMap(value -> value.text().map(sql -> new Task.Foreach(sql, value.at())));
  }
}
