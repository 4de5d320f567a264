package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.connector.Setting;
import io.headrace.error.NearestWord;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the connections of {@code headrace.yaml}, and finds them for those that name them. */
public final class ConnectionReader {
  private static final String ENVIRONMENT = "env";
  private static final String FILE = "file";

  /** Settings whose values are nothing that a project may hold. */
  private static final List<String> SECRET_WORDS =
      List.of("password", "passwd", "secret", "token", "bearer");

  /** The address that gives tokens is none. */
  private static final String TOKEN_URL = "token_url";

  private ConnectionReader() {}

  static SortedMap<String, Connection> read(YamlValue value) {
    SortedMap<String, Connection> connections = new TreeMap<>();
    value
        .entries()
        .forEach(
            (name, settings) ->
                connections.put(
                    name, new Connection(name, settings(settings.entries()), settings.at())));
    return connections;
  }

  /**
   * The connection of that name, or a problem.
   *
   * @param value where it is named
   * @param setting that a connection of this kind has, for the hint
   */
  static Optional<Connection> find(
      SortedMap<String, Connection> connections, YamlValue value, String name, String setting) {
    Optional<Connection> connection = Optional.ofNullable(connections.get(name));
    if (connection.isEmpty()) {
      value.problem(
          "Unknown connection '%s'".formatted(name),
          NearestWord.hint(
              name,
              connections.keySet(),
              "Declare it in headrace.yaml: `connections: {%s: {%s: ...}}`"
                  .formatted(name, setting)));
    }
    return connection;
  }

  private static SortedMap<String, Setting> settings(Map<String, YamlValue> entries) {
    SortedMap<String, Setting> settings = new TreeMap<>();
    entries.forEach((key, value) -> setting(key, value).ifPresent(s -> settings.put(key, s)));
    return settings;
  }

  private static Optional<Setting> setting(String key, YamlValue value) {
    if (value.isMap()) {
      return reference(value);
    }
    if (!key.equals(TOKEN_URL)
        && SECRET_WORDS.stream().anyMatch(word -> key.toLowerCase(Locale.ROOT).contains(word))) {
      // The value itself is not repeated: it may be the secret.
      value.problem(
          "A secret in the project: '%s' may only be a reference".formatted(key),
          "Write `%s: {env: NAME}` or `%s: {file: PATH}`, and change the secret"
              .formatted(key, key));
      return Optional.empty();
    }
    return value.text().map(Setting.Plain::new);
  }

  /** A reference to a secret, or a problem. */
  public static Optional<Setting> reference(YamlValue value) {
    YamlMap map = value.map(List.of(ENVIRONMENT, FILE));
    if (map.has(ENVIRONMENT) == map.has(FILE)) {
      value.problem("Unclear reference", "Write `{env: NAME}` or `{file: PATH}`");
      return Optional.empty();
    }
    return map.has(ENVIRONMENT)
        ? map.text(ENVIRONMENT).map(Setting.FromEnvironment::new)
        : map.text(FILE).map(Setting.FromFile::new);
  }
}
