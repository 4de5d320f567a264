package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a source file says of an API. */
final class ApiReader {
  /** The key that names the connection, and is the kind of the connector. */
  static final String API = "api";

  private static final String PATH = "path";
  private static final String FORMAT = "format";
  private static final String RECORDS = "records";
  private static final String FIELDS = "fields";
  private static final String PAGES = "pages";
  private static final String SINCE = "since";
  private static final String LAG = "lag";
  private static final String NEWEST = "newest";
  private static final String PARAMETERS = "parameters";
  private static final String CURSOR = DatabaseReader.CURSOR;

  /** What a source that is an API may say besides. */
  static final List<String> API_KEYS =
      List.of(PATH, PARAMETERS, RECORDS, FIELDS, PAGES, SINCE, LAG, NEWEST);

  /** What there is to say of pages. */
  static final List<String> PAGES_KEYS =
      List.of("kind", "parameter", "first", "token", "url", "size_parameter", "size");

  private static final List<String> OTHER_KEYS =
      List.of(
          "files",
          "options",
          DatabaseReader.DATABASE,
          "table",
          "query",
          "kafka",
          "topic",
          "start",
          "schema",
          "registry");
  private static final String JSON = "json";
  private static final List<String> FORMATS = List.of(JSON, "ndjson", "csv");

  /** Which keys each kind of pages has besides the size: first those that it needs. */
  private static final Map<String, List<String>> KINDS =
      new TreeMap<>(
          Map.of(
              "page", List.of("parameter", "first"),
              "offset", List.of("parameter"),
              "cursor", List.of("token", "parameter"),
              "next", List.of("url"),
              "link", List.of()));

  private final SortedMap<String, Connection> connections;

  /**
   * @param connections those of the project, by name
   */
  ApiReader(SortedMap<String, Connection> connections) {
    this.connections = connections;
  }

  /** Whether the file is about an API. */
  static boolean isApi(YamlMap map) {
    return map.has(API);
  }

  /** Reports the keys that mean something only beside one that is not there. */
  static void refuseKeysOfApis(YamlMap map) {
    API_KEYS.stream()
        .flatMap(key -> map.find(key).stream())
        .forEach(
            value ->
                value.problem(
                    "This belongs to a source that is an API, and there is no `api`",
                    "Leave it out, or name a connection: `api: NAME`"));
  }

  Optional<Task.Body> read(
      YamlMap map, List<DeclaredColumn> columns, Optional<Task.Incremental> incremental) {
    OTHER_KEYS.stream()
        .flatMap(key -> map.find(key).stream())
        .forEach(value -> value.problem("This has no meaning for an API", "Leave it out"));
    YamlValue api = map.find(API).orElseThrow();
    if (!map.has(PATH)) {
      api.problem(
          "Unclear what is read: `path` is missing",
          "Write what follows the `url` of the connection: `path: /v1/orders`");
    }
    if (columns.isEmpty()) {
      api.problem(
          "Unclear which fields of the rows are read: `columns` is missing",
          "Name them with their types: `columns: {id: BIGINT}`");
    }
    String format = map.find(FORMAT).flatMap(value -> value.oneOf(words(FORMATS))).orElse(JSON);
    DatabaseReader.checkCursor(map, api, incremental);
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put(FORMAT, format);
    List.of(PATH, RECORDS, CURSOR, SINCE)
        .forEach(key -> map.text(key).ifPresent(text -> settings.put(key, text)));
    map.duration(LAG).ifPresent(lag -> settings.put(LAG, lag.toString()));
    List.of(PARAMETERS, FIELDS, NEWEST).forEach(key -> texts(map, key, settings));
    map.find(PAGES).ifPresent(pages -> pages(pages, settings));
    checkPlaces(map, columns, settings);
    return api.text()
        .flatMap(name -> ConnectionReader.find(connections, api, name, "url"))
        .map(
            connection ->
                new Task.External(
                    API,
                    connection,
                    settings,
                    settings.containsKey(CURSOR),
                    columns,
                    new TreeMap<>(),
                    api.at()));
  }

  /** Reports what has no meaning beside what else is said. */
  private static void checkPlaces(
      YamlMap map, List<DeclaredColumn> columns, SortedMap<String, String> settings) {
    if (!map.has(CURSOR)) {
      List.of(SINCE, LAG, NEWEST).stream()
          .flatMap(key -> map.find(key).stream())
          .forEach(
              value ->
                  value.problem(
                      "This is about a cursor, and there is no `cursor`",
                      "Leave it out, or name the column that grows: `cursor: updated_at`"));
    }
    boolean isDocument = JSON.equals(settings.get(FORMAT));
    if (!isDocument) {
      map.find(RECORDS)
          .ifPresent(
              value ->
                  value.problem(
                      "Rows of this format are in no document",
                      "Leave it out, or say `format: json`"));
      map.find(PAGES)
          .filter(pages -> settings.containsKey("pages.token"))
          .ifPresent(
              pages ->
                  pages.problem(
                      "Only a document of JSON says what is asked for next",
                      "Take another kind of pages, or say `format: json`"));
    }
    List<String> names = columns.stream().map(DeclaredColumn::name).toList();
    map.find(FIELDS)
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach(
            (column, path) -> {
              if (!names.contains(column)) {
                path.problem(
                    "'%s' is none of the `columns`".formatted(column),
                    "Give it a type under `columns`");
              } else if (isDocument
                  && !path.text().orElse("a").matches("(\\^\\.)*[^.^]+(\\.[^.^]+)*")) {
                path.problem(
                    "Cannot read the path of a field",
                    "Write names with points between them, such as `address.city`, and `^.id` for a"
                        + " field of the object that the list of rows is in");
              }
            });
    map.find(RECORDS)
        .filter(
            path ->
                !path.text()
                    .orElse("")
                    .matches("(\\[]|[^.\\[\\]]+(\\[])?)(\\.[^.\\[\\]]+(\\[])?)*"))
        .ifPresent(
            path ->
                path.problem(
                    "Cannot read the path of the rows",
                    "Write names with points between them, such as `data.items`, and `[]` behind a"
                        + " list that rows are further in: `items[].lines`"));
  }

  private static void texts(YamlMap map, String key, SortedMap<String, String> settings) {
    map.find(key)
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach(
            (name, value) -> value.text().ifPresent(text -> settings.put(key + "." + name, text)));
  }

  private static void pages(YamlValue value, SortedMap<String, String> settings) {
    if (value.isScalar()) {
      value
          .oneOf(words(List.copyOf(KINDS.keySet())))
          .ifPresent(
              kind -> {
                settings.put("pages.kind", kind);
                requireKeys(value, kind, List.of());
              });
      return;
    }
    YamlMap map = value.map(PAGES_KEYS);
    Optional<String> kind =
        map.require("kind").flatMap(word -> word.oneOf(words(List.copyOf(KINDS.keySet()))));
    if (kind.isEmpty()) {
      return;
    }
    List<String> has = PAGES_KEYS.stream().filter(map::has).toList();
    requireKeys(value, kind.get(), has);
    List<String> known = new ArrayList<>(KINDS.getOrDefault(kind.get(), List.of()));
    known.addAll(List.of("kind", "size_parameter", "size"));
    has.stream()
        .filter(key -> !known.contains(key))
        .forEach(
            key ->
                map.find(key)
                    .orElseThrow()
                    .problem(
                        "`%s` has no meaning for pages of this kind".formatted(key),
                        "Leave it out"));
    if (map.has("size") && !map.has("size_parameter")) {
      value.problem(
          "Unclear how the API is told the size of a page: `size_parameter` is missing",
          "Name its parameter: `size_parameter: per_page`");
    }
    settings.put("pages.kind", kind.get());
    map.integer("first", 0, 1).ifPresent(n -> settings.put("pages.first", n.toString()));
    map.integer("size", 1, 1_000_000).ifPresent(n -> settings.put("pages.size", n.toString()));
    List.of("parameter", "token", "size_parameter")
        .forEach(key -> map.text(key).ifPresent(text -> settings.put("pages." + key, text)));
    map.text("url").ifPresent(text -> settings.put("pages.token", text));
  }

  private static void requireKeys(YamlValue value, String kind, List<String> has) {
    String needed = kind.equals("cursor") ? "token" : kind.equals("next") ? "url" : "";
    if (!needed.isEmpty() && !has.contains(needed)) {
      value.problem(
          "Unclear where the document says what is asked for next: `%s` is missing"
              .formatted(needed),
          "Write the path of it, such as `pages: {kind: %s, %s: meta.next}`"
              .formatted(kind, needed));
    }
  }

  private static Map<String, String> words(List<String> words) {
    Map<String, String> map = new TreeMap<>();
    words.forEach(word -> map.put(word, word));
    return map;
  }
}
