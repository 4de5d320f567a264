package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what a source file says of how the messages of a topic are written. The text of a schema is
 * a part of the source, so that a schema that changes is a change of the code.
 */
record MessageFormatReader(SortedMap<String, Connection> connections, Path root) {
  /** What it may say. */
  static final List<String> KEYS = List.of("schema", "message", "registry");

  private static final String FORMAT = "format";
  private static final String SCHEMA = "schema";
  private static final String REGISTRY = "registry";
  private static final String MESSAGE = "message";
  private static final String AVRO = "avro";
  private static final String PROTOBUF = "protobuf";
  private static final String TEXT = "text";
  private static final long MOST_BYTES = 10 << 20;

  /**
   * Adds it to the settings of the source.
   *
   * @param kafka where the source names its connection
   */
  void read(
      YamlMap map,
      YamlValue kafka,
      List<DeclaredColumn> columns,
      SortedMap<String, String> settings) {
    map.find(FORMAT)
        .ifPresent(
            value ->
                value.oneOf(
                    new TreeMap<>(Map.of("json", true, TEXT, true, AVRO, true, PROTOBUF, true))));
    String format = map.text(FORMAT).orElse("json");
    map.text(FORMAT).ifPresent(text -> settings.put(FORMAT, text));
    boolean hasSchema = format.equals(AVRO) || format.equals(PROTOBUF);
    if (hasSchema) {
      map.find(SCHEMA)
          .ifPresent(value -> schema(value, format).ifPresent(text -> settings.put(SCHEMA, text)));
    } else {
      KEYS.stream()
          .flatMap(key -> map.find(key).stream())
          .forEach(
              value ->
                  value.problem(
                      "Messages of this format have no schema",
                      "Leave it out, or say `format: avro`, or `format: protobuf`"));
    }
    if (format.equals(PROTOBUF)) {
      imports(map, settings);
      map.text(MESSAGE).ifPresent(text -> settings.put(MESSAGE, text));
    } else if (hasSchema) {
      map.find(MESSAGE)
          .ifPresent(
              value ->
                  value.problem(
                      "A schema of Avro is of one kind of messages",
                      "Leave it out, or say `format: protobuf`"));
    }
    if (hasSchema && !map.has(SCHEMA) && !map.has(REGISTRY)) {
      kafka.problem(
          "Unclear which schema the messages are written with: neither `schema` nor `registry`",
          "Name a file, `schema: %s`, or a connection to a registry, `registry: NAME`"
              .formatted(example(format)));
    } else {
      checkColumns(map, kafka, columns, format);
    }
  }

  /** What the schema imports is a part of it. */
  private void imports(YamlMap map, SortedMap<String, String> settings) {
    Optional<String> path = map.has(SCHEMA) ? map.text(SCHEMA) : Optional.empty();
    if (path.isPresent() && settings.containsKey(SCHEMA)) {
      SchemaImports.of(root, root.resolve(path.get()), settings.get(SCHEMA))
          .forEach((name, text) -> settings.put("import " + name, text));
    }
  }

  private static String example(String format) {
    return format.equals(AVRO) ? "schemas/event.avsc" : "schemas/event.proto";
  }

  private static void checkColumns(
      YamlMap map, YamlValue kafka, List<DeclaredColumn> columns, String format) {
    if (format.equals(TEXT)) {
      map.find("columns")
          .ifPresent(
              value ->
                  value.problem(
                      "Messages that are text have no fields",
                      "Leave it out, or say `format: json`"));
    } else if (columns.isEmpty() && !map.has(SCHEMA)) {
      kafka.problem(
          "Unclear which fields of the messages are read: `columns` is missing",
          format.equals(AVRO) || format.equals(PROTOBUF)
              ? "Name them with their types, `columns: {id: BIGINT}`, or a `schema` that has them"
              : "Name them with their types: `columns: {id: BIGINT}`, or say `format: text`");
    }
  }

  private Optional<String> schema(YamlValue value, String format) {
    Optional<String> path = value.text();
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path file = root.resolve(path.get());
      if (Files.size(file) <= MOST_BYTES) {
        return Optional.of(Files.readString(file));
      }
      value.problem("'%s' is too large for a schema".formatted(path.get()), "Name another file");
    } catch (CharacterCodingException e) {
      value.problem("'%s' is no text".formatted(path.get()), "Name a schema, which is text");
    } catch (IOException | IllegalArgumentException e) {
      value.problem(
          "Cannot read the schema '%s'".formatted(path.get()),
          "Write a path from the project's folder: `schema: %s`".formatted(example(format)));
    }
    return Optional.empty();
  }

  /** The connections that it names. */
  SortedMap<String, Connection> others(YamlMap map) {
    SortedMap<String, Connection> others = new TreeMap<>();
    map.find(REGISTRY)
        .ifPresent(
            value ->
                value
                    .text()
                    .flatMap(name -> ConnectionReader.find(connections, value, name, "url"))
                    .ifPresent(registry -> others.put(REGISTRY, registry)));
    return others;
  }
}
