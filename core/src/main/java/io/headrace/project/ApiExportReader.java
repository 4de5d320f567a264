package io.headrace.project;

import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads what an export says of the requests that bring its rows to an API. */
final class ApiExportReader {
  static final String PATH = "path";

  private static final String METHOD = "method";
  private static final String FORMAT = "format";
  private static final String BATCH = "batch";
  private static final String DELETES = "deletes";
  private static final String VERSION = "version";

  /** A word instead of a path: keys that are gone come as rows. */
  private static final String FLAG = "flag";

  /** What an export to an API may say besides the path. */
  static final List<String> KEYS = List.of(METHOD, FORMAT, BATCH, DELETES, VERSION);

  private static final Map<String, String> METHODS =
      new TreeMap<>(Map.of("PATCH", "PATCH", "POST", "POST", "PUT", "PUT"));
  private static final Map<String, String> FORMATS =
      new TreeMap<>(Map.of("json", "json", "ndjson", "ndjson"));
  private static final int MOST_IN_A_BATCH = 100_000;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

  private ApiExportReader() {}

  static SortedMap<String, String> read(YamlMap map) {
    SortedMap<String, String> settings = new TreeMap<>();
    map.find(PATH).ifPresent(ApiExportReader::path);
    map.find(METHOD).flatMap(v -> v.oneOf(METHODS)).ifPresent(w -> settings.put(METHOD, w));
    map.find(FORMAT).flatMap(v -> v.oneOf(FORMATS)).ifPresent(w -> settings.put(FORMAT, w));
    map.integer(BATCH, 1, MOST_IN_A_BATCH).ifPresent(n -> settings.put(BATCH, n.toString()));
    map.find(VERSION).flatMap(ApiExportReader::path).ifPresent(path -> settings.put(VERSION, path));
    map.find(DELETES)
        .flatMap(value -> deletes(value, map.texts("key")))
        .ifPresent(text -> settings.put(DELETES, text));
    return settings;
  }

  private static Optional<String> path(YamlValue value) {
    Optional<String> text = value.text();
    if (text.isPresent() && !text.get().strip().matches("/[^?#\\s]*")) {
      value.problem(
          "This is no path of an API",
          "Write what follows the `url` of the connection, without parameters: `/v1/orders`");
      return Optional.empty();
    }
    return text.map(String::strip);
  }

  private static Optional<String> deletes(YamlValue value, List<String> key) {
    Optional<String> text = value.text().map(String::strip);
    if (text.isEmpty() || text.get().equals(FLAG)) {
      return text;
    }
    Optional<String> path = path(value);
    if (path.isEmpty()) {
      return path;
    }
    List<String> named =
        PLACEHOLDER.matcher(path.get()).results().map(found -> lower(found.group(1))).toList();
    boolean namesTheKey = !key.isEmpty() && key.stream().allMatch(k -> named.contains(lower(k)));
    boolean namesNothingElse =
        named.stream().allMatch(n -> key.stream().anyMatch(k -> lower(k).equals(n)));
    boolean isRead = !PLACEHOLDER.matcher(path.get()).replaceAll("").matches(".*[{}].*");
    if (!namesTheKey || !namesNothingElse || !isRead) {
      value.problem(
          "Unclear which row is deleted: the path names other columns than `key`",
          "Name each column of the key once: `deletes: /orders/%s`"
              .formatted(key.isEmpty() ? "{id}" : "{" + String.join("}/{", key) + "}"));
      return Optional.empty();
    }
    return path;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
