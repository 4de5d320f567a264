package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.Location;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what a source file says of a topic. Its messages never change, so that rows of the same key
 * may arrive in any order: whatever column the latest is told by, all of its values are read.
 */
final class TopicReader {
  /** The key that names the connection, and is the kind of the connector. */
  static final String KAFKA = "kafka";

  /** The key that names the topic. */
  static final String TOPIC = "topic";

  /** What tells of a rejected message where it is, and what it was. */
  static final List<String> ORIGIN =
      List.of("(topic)", "partition", "offset", "timestamp", "key", "headers", "(raw)");

  private static final String START = "start";
  private static final String OFFSETS = "offsets";
  private static final long MOST_PARTITIONS = 1_000_000;
  private static final long LARGEST_OFFSET = 999_999_999_999_999_999L;

  /** What a source that is a topic may say besides. */
  static final List<String> TOPIC_KEYS =
      Stream.concat(Stream.of(TOPIC, START), MessageFormatReader.KEYS.stream()).toList();

  private static final List<String> OTHER_KEYS =
      List.of("files", "options", DatabaseReader.DATABASE, "table", "query", DatabaseReader.CURSOR);

  private final SortedMap<String, Connection> connections;
  private final MessageFormatReader formats;

  /**
   * @param connections those of the project, by name
   * @param root the project's folder
   */
  TopicReader(SortedMap<String, Connection> connections, Path root) {
    this.connections = connections;
    this.formats = new MessageFormatReader(connections, root);
  }

  /** Whether the file is about a topic. */
  static boolean isTopic(YamlMap map) {
    return map.has(KAFKA);
  }

  /** Where the file says that it is. */
  static Location place(YamlMap map) {
    return map.find(KAFKA).orElseThrow().at();
  }

  /** Reports the keys that mean something only beside one that is not there. */
  static void refuseKeysOfTopics(YamlMap map) {
    TOPIC_KEYS.stream()
        .flatMap(key -> map.find(key).stream())
        .forEach(
            value ->
                value.problem(
                    "This belongs to a source that is a topic, and there is no `kafka`",
                    "Leave it out, or name a connection: `kafka: NAME`"));
  }

  /** What a topic is if the file does not say how it grows: messages are only added to it. */
  static Optional<Task.Incremental> append(YamlMap map) {
    return map.find(KAFKA).map(value -> new Task.Append(Optional.empty(), false, value.at()));
  }

  /**
   * Reads it.
   *
   * @param hasRules whether messages that can be read may be rejected
   */
  Optional<Task.Body> read(YamlMap map, List<DeclaredColumn> columns, boolean hasRules) {
    OTHER_KEYS.stream()
        .flatMap(key -> map.find(key).stream())
        .forEach(
            value -> value.problem("This has no meaning for a topic of Kafka", "Leave it out"));
    YamlValue kafka = map.find(KAFKA).orElseThrow();
    if (!map.has(TOPIC)) {
      kafka.problem("Unclear what is read: `topic` is missing", "Name it: `topic: events`");
    }
    SortedMap<String, String> settings = new TreeMap<>();
    formats.read(map, kafka, columns, settings);
    map.text(TOPIC).ifPresent(text -> settings.put(TOPIC, text));
    map.find(START).flatMap(TopicReader::start).ifPresent(text -> settings.put(START, text));
    if (hasRules) {
      settings.put("raw", "kept");
    }
    return kafka
        .text()
        .flatMap(name -> ConnectionReader.find(connections, kafka, name, "bootstrap"))
        .map(
            connection ->
                new Task.External(
                    KAFKA, connection, settings, true, columns, formats.others(map), kafka.at()));
  }

  /** A word, a time or an offset as it is; offsets by partition as {@code 0:100,1:250}. */
  private static Optional<String> start(YamlValue value) {
    if (!value.isMap()) {
      return value.text();
    }
    SortedMap<Long, Long> offsets = new TreeMap<>();
    Optional<YamlValue> said = value.map(List.of(OFFSETS)).find(OFFSETS);
    for (Map.Entry<YamlValue, YamlValue> pair : said.map(YamlValue::pairs).orElse(List.of())) {
      Optional<Long> partition = pair.getKey().integer(0, MOST_PARTITIONS);
      Optional<Long> offset = pair.getValue().integer(0, LARGEST_OFFSET);
      if (partition.isPresent() && offset.isPresent()) {
        offsets.put(partition.get(), offset.get());
      }
    }
    if (said.isEmpty()) {
      value.problem(
          "Unclear where partitions begin: `offsets` is missing",
          "Write an offset by partition: `start: {offsets: {0: 100, 1: 250}}`");
    }
    return offsets.isEmpty()
        ? Optional.empty()
        : Optional.of(
            offsets.entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue())
                .collect(Collectors.joining(",")));
  }
}
