package io.headrace.connector.kafka;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How Kafka is reached, with nothing in it that is not on the list: no setting of the client that
 * loads a class.
 *
 * @param connection its name
 * @param properties for the client; never to be printed
 * @param hide takes secrets out of a text
 */
record ClientSettings(
    String connection, SortedMap<String, String> properties, UnaryOperator<String> hide) {
  private static final String BOOTSTRAP = "bootstrap";
  private static final String PROTOCOL = "security.protocol";
  private static final String MECHANISM = "sasl.mechanism";
  private static final String USER = "sasl.username";
  private static final String PASSWORD = "sasl.password";

  private static final Pattern ADDRESSES =
      Pattern.compile("[^\\s,/@]+:\\d{1,5}(,[^\\s,/@]+:\\d{1,5})*");
  private static final Map<String, String> LOGIN_MODULES =
      Map.of(
          "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
          "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
          "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");
  private static final List<String> PROTOCOLS =
      List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
  private static final List<String> FILES =
      List.of("ssl.truststore.location", "ssl.keystore.location");
  private static final SortedSet<String> ALLOWED =
      new TreeSet<>(
          List.of(
              BOOTSTRAP,
              PROTOCOL,
              MECHANISM,
              USER,
              PASSWORD,
              "ssl.truststore.location",
              "ssl.truststore.type",
              "ssl.truststore.password",
              "ssl.keystore.location",
              "ssl.keystore.type",
              "ssl.keystore.password",
              "ssl.key.password"));

  /** A broker that does not answer is an error within ten seconds. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "default.api.timeout.ms", "8000",
          "request.timeout.ms", "7000",
          "socket.connection.setup.timeout.ms", "4000",
          "socket.connection.setup.timeout.max.ms", "4000",
          "metric.reporters", "",
          "enable.metrics.push", "false");

  ClientSettings {
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }

  /**
   * What a connection says.
   *
   * @param root which relative paths start at
   * @throws HeadraceException if something in it is not allowed
   */
  static ClientSettings of(Connection connection, Secrets secrets, Path root) {
    SortedMap<String, String> said = new TreeMap<>();
    connection
        .settings()
        .forEach((key, setting) -> said.put(key, value(connection, key, setting, secrets)));
    SortedMap<String, String> properties = new TreeMap<>(DEFAULTS);
    said.forEach(
        (key, value) ->
            properties.put(key, FILES.contains(key) ? root.resolve(value).toString() : value));
    properties.remove(BOOTSTRAP);
    properties.remove(USER);
    properties.remove(PASSWORD);
    properties.put("bootstrap.servers", addresses(connection, said));
    String protocol = said.getOrDefault(PROTOCOL, "PLAINTEXT");
    requireOneOf(connection, PROTOCOL, protocol, PROTOCOLS);
    boolean isSasl = protocol.startsWith("SASL_");
    if (isSasl != said.containsKey(USER) || isSasl != said.containsKey(PASSWORD)) {
      throw new HeadraceException(
          isSasl
              ? "The connection '%s' signs in, and has no `%s` and `%s`"
                  .formatted(connection.name(), USER, PASSWORD)
              : "The connection '%s' has a user or a password, and does not sign in with `%s: %s`"
                  .formatted(connection.name(), PROTOCOL, protocol),
          isSasl
              ? "Write `sasl.username: NAME` and `sasl.password: {env: VARIABLE}`"
              : "Add `security.protocol: SASL_SSL`, or leave them out");
    }
    if (isSasl) {
      String mechanism = said.getOrDefault(MECHANISM, "PLAIN");
      requireOneOf(connection, MECHANISM, mechanism, LOGIN_MODULES.keySet());
      properties.put(MECHANISM, mechanism);
      properties.put("sasl.jaas.config", jaas(mechanism, said));
    }
    return new ClientSettings(connection.name(), properties, secrets::hide);
  }

  private static String value(Connection connection, String key, Setting setting, Secrets secrets) {
    if (!ALLOWED.contains(key)) {
      String list = "Allowed are " + String.join(", ", ALLOWED);
      throw new HeadraceException(
          "'%s' is not allowed in the connection '%s'".formatted(key, connection.name()),
          NearestWord.find(key, ALLOWED)
              .map(near -> "Did you mean '%s'? %s".formatted(near, list))
              .orElse(list));
    }
    if (key.endsWith("password") && setting instanceof Setting.Plain) {
      throw new HeadraceException(
          "The password `%s` of the connection '%s' is written in the project"
              .formatted(key, connection.name()),
          "Give it by reference: `%s: {env: VARIABLE}` or `%s: {file: PATH}`".formatted(key, key));
    }
    return secrets.value(setting);
  }

  private static String addresses(Connection connection, SortedMap<String, String> said) {
    String addresses = said.getOrDefault(BOOTSTRAP, "").replace(" ", "");
    if (!ADDRESSES.matcher(addresses).matches()) {
      throw new HeadraceException(
          addresses.isEmpty()
              ? "The connection '%s' has no `bootstrap`".formatted(connection.name())
              : "Cannot use the `bootstrap` of the connection '%s': '%s' is no HOST:PORT"
                  .formatted(connection.name(), addresses),
          "Write where brokers are, such as `bootstrap: kafka.example.com:9092`; several with commas");
    }
    return addresses;
  }

  private static void requireOneOf(
      Connection connection, String key, String value, Iterable<String> allowed) {
    for (String one : allowed) {
      if (one.equals(value)) {
        return;
      }
    }
    SortedSet<String> all = new TreeSet<>();
    allowed.forEach(all::add);
    throw new HeadraceException(
        "`%s` of the connection '%s' is '%s'".formatted(key, connection.name(), value),
        "Allowed are " + String.join(", ", all));
  }

  private static String jaas(String mechanism, SortedMap<String, String> said) {
    return "%s required username=\"%s\" password=\"%s\";"
        .formatted(
            LOGIN_MODULES.get(mechanism),
            escaped(said.getOrDefault(USER, "")),
            escaped(said.getOrDefault(PASSWORD, "")));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Where it is, for messages. */
  String address() {
    return properties.getOrDefault("bootstrap.servers", "");
  }

  /** The properties of a client. */
  Map<String, Object> client() {
    return new TreeMap<>(properties);
  }
}
