package io.headrace.connector.http;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.yaml.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How an API is reached. Never to be printed.
 *
 * @param url what paths are added to, without a slash at its end
 * @param headers for the origin of {@code url} and for no other
 * @param interval the least time from one request to the next
 */
record ConnectionSettings(
    String name,
    URI url,
    Credentials credentials,
    SortedMap<String, String> headers,
    Duration interval,
    boolean allowPrivate,
    Limits limits,
    Secrets secrets) {
  private static final String HEADER = "header.";
  private static final List<String> KEYS =
      List.of(
          "url",
          "bearer",
          "user",
          "password",
          "token_url",
          "client_id",
          "client_secret",
          "scope",
          "header.NAME",
          "rate",
          "allow_private",
          "timeout",
          "total_timeout",
          "max_bytes",
          "max_pages");
  private static final List<String> SECRET_KEYS = List.of("bearer", "password", "client_secret");

  /** Headers whose values are keys, whatever they are called. */
  private static final Pattern SECRET_HEADER =
      Pattern.compile(".*(auth|cookie|key|password|secret|signature|token).*");

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** Those that say what the bytes of a request are, or are the connector's own. */
  private static final Pattern OWN_HEADER =
      Pattern.compile(
          "host|content-.*|transfer-encoding|connection|te|trailer|upgrade|expect|proxy-.*"
              + "|accept-encoding");

  ConnectionSettings {
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  /**
   * What a connection says.
   *
   * @throws HeadraceException if something in it is not allowed
   */
  static ConnectionSettings of(Connection connection, Secrets secrets) {
    SortedMap<String, String> said = new TreeMap<>();
    SortedMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection
        .settings()
        .forEach(
            (key, setting) -> {
              String value = value(connection, key, setting, secrets);
              if (key.startsWith(HEADER)) {
                headers.put(key.substring(HEADER.length()), value);
              } else {
                said.put(key, value);
              }
            });
    Words words = new Words(connection.name(), said);
    boolean allowPrivate = words.get("allow_private", Words::bool, false);
    URI url = words.url("url");
    Credentials credentials = credentials(words, headers, secrets);
    boolean signsIn =
        !(credentials instanceof Credentials.None)
            || connection.settings().keySet().stream().anyMatch(ConnectionSettings::isSecret);
    if (signsIn && !allowPrivate && !Origin.of(url).isEncrypted()) {
      throw new HeadraceException(
          "The connection '%s' signs in, and its `url` is not encrypted"
              .formatted(connection.name()),
          "Write `url: https://...`; only with `allow_private: true` may it be http");
    }
    Limits limits =
        new Limits(
            words.get("timeout", Words::duration, Limits.DEFAULT.request()),
            words.get("total_timeout", Words::duration, Limits.DEFAULT.total()),
            words.get("max_bytes", Words::bytes, Limits.DEFAULT.bytes()),
            words.get("max_pages", Words::count, Limits.DEFAULT.pages()));
    return new ConnectionSettings(
        connection.name(),
        url,
        credentials,
        headers,
        words.get("rate", Words::interval, Duration.ZERO),
        allowPrivate,
        limits,
        secrets);
  }

  private static boolean isSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return SECRET_KEYS.contains(lower)
        || (lower.startsWith(HEADER)
            && SECRET_HEADER.matcher(lower.substring(HEADER.length())).matches());
  }

  private static String value(Connection connection, String key, Setting setting, Secrets secrets) {
    String header = key.startsWith(HEADER) ? key.substring(HEADER.length()) : "";
    boolean isHeader =
        HEADER_NAME.matcher(header).matches()
            && !OWN_HEADER.matcher(header.toLowerCase(Locale.ROOT)).matches();
    if (!isHeader && (!KEYS.contains(key) || key.startsWith(HEADER))) {
      String list = "Allowed are " + String.join(", ", KEYS);
      throw new HeadraceException(
          "'%s' is not allowed in the connection '%s'".formatted(key, connection.name()),
          NearestWord.find(key, KEYS)
              .filter(near -> header.isEmpty())
              .map(near -> "Did you mean '%s'? %s".formatted(near, list))
              .orElse(list));
    }
    if (isSecret(key) && setting instanceof Setting.Plain) {
      throw new HeadraceException(
          "The secret `%s` of the connection '%s' is written in the project"
              .formatted(key, connection.name()),
          "Give it by reference: `%s: {env: VARIABLE}` or `%s: {file: PATH}`, and change it"
              .formatted(key, key));
    }
    String value = secrets.value(setting);
    if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new HeadraceException(
          "`%s` of the connection '%s' has a line end or another control character in it"
              .formatted(key, connection.name()),
          "Take it out");
    }
    return value;
  }

  private static Credentials credentials(
      Words words, SortedMap<String, String> headers, Secrets secrets) {
    Optional<String> bearer = words.find("bearer");
    boolean isBasic = words.requireAllOrNone("user", "password");
    boolean isClient = words.requireAllOrNone("token_url", "client_id", "client_secret");
    int ways =
        (bearer.isPresent() ? 1 : 0)
            + (isBasic ? 1 : 0)
            + (isClient ? 1 : 0)
            + (headers.containsKey("authorization") ? 1 : 0);
    if (ways > 1) {
      throw new HeadraceException(
          "The connection '%s' signs in in several ways".formatted(words.connection()),
          "Keep one: `bearer`, or `user` and `password`, or `token_url`, `client_id` and"
              + " `client_secret`, or `header.Authorization`");
    }
    if (isClient) {
      URI url = words.url("token_url");
      if (!Origin.of(url).isEncrypted() && !words.get("allow_private", Words::bool, false)) {
        throw new HeadraceException(
            "`token_url` of the connection '%s' is not encrypted".formatted(words.connection()),
            "Write `token_url: https://...`");
      }
      return new Credentials.Client(
          url,
          words.find("client_id").orElseThrow(),
          words.find("client_secret").orElseThrow(),
          words.find("scope").orElse(""));
    }
    if (isBasic) {
      String basic =
          secrets.basic(words.find("user").orElseThrow(), words.find("password").orElseThrow());
      return new Credentials.Fixed(basic);
    }
    return bearer
        .<Credentials>map(token -> new Credentials.Fixed("Bearer " + token))
        .orElseGet(Credentials.None::new);
  }

  /** The texts of a connection. */
  private record Words(String connection, SortedMap<String, String> said) {
    private static final Pattern BYTES = Pattern.compile("(\\d{1,9}) *(kB|MB|GB)");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9}) */ *(s|m|h)");

    Optional<String> find(String key) {
      return Optional.ofNullable(said.get(key));
    }

    boolean requireAllOrNone(String... keys) {
      List<String> all = List.of(keys);
      List<String> missing = all.stream().filter(key -> !said.containsKey(key)).toList();
      if (!missing.isEmpty() && missing.size() < all.size()) {
        throw new HeadraceException(
            "The connection '%s' has no `%s`".formatted(connection, missing.get(0)),
            "These belong together: " + String.join(", ", all));
      }
      return missing.isEmpty();
    }

    <T> T get(String key, Function<String, Optional<T>> parse, T otherwise) {
      return find(key)
          .map(
              text ->
                  parse
                      .apply(text)
                      .orElseThrow(
                          () ->
                              new HeadraceException(
                                  "`%s` of the connection '%s' is '%s'"
                                      .formatted(key, connection, text),
                                  "Write " + example(key))))
          .orElse(otherwise);
    }

    private static String example(String key) {
      return switch (key) {
        case "allow_private" -> "true or false";
        case "rate" ->
            "how many requests in a second, minute or hour, such as 10/s, 100/m or 5000/h";
        case "max_bytes" -> "a size such as 500kB, 64MB or 2GB";
        case "max_pages" -> "a whole number, 1 or more";
        default -> "a time such as 500ms, 30s, 5m or 2h";
      };
    }

    static Optional<Boolean> bool(String text) {
      return text.equals("true") || text.equals("false")
          ? Optional.of(text.equals("true"))
          : Optional.empty();
    }

    static Optional<Duration> duration(String text) {
      return Durations.parse(text).filter(duration -> !duration.isZero());
    }

    static Optional<Long> bytes(String text) {
      return match(BYTES, text)
          .map(
              parts ->
                  Long.parseLong(parts.get(0))
                      << (parts.get(1).equals("kB") ? 10 : parts.get(1).equals("MB") ? 20 : 30))
          .filter(bytes -> bytes > 0);
    }

    static Optional<Integer> count(String text) {
      return text.matches("[1-9]\\d{0,8}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    static Optional<Duration> interval(String text) {
      return match(RATE, text)
          .filter(parts -> Long.parseLong(parts.get(0)) > 0)
          .map(
              parts ->
                  (switch (parts.get(1)) {
                        case "s" -> Duration.ofSeconds(1);
                        case "m" -> Duration.ofMinutes(1);
                        default -> Duration.ofHours(1);
                      })
                      .dividedBy(Long.parseLong(parts.get(0))));
    }

    private static Optional<List<String>> match(Pattern pattern, String text) {
      return Optional.of(pattern.matcher(text))
          .filter(m -> m.matches())
          .map(m -> List.of(m.group(1), m.group(2)));
    }

    URI url(String key) {
      String text = find(key).orElse("");
      try {
        URI url = new URI(text.replaceFirst("/+$", ""));
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean isPlain =
            url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
        if (isPlain && (scheme.equals("https") || scheme.equals("http"))) {
          return url;
        }
      } catch (URISyntaxException e) {
        // Reported below.
      }
      // The text is not repeated: there may be a password in it.
      throw new HeadraceException(
          text.isEmpty()
              ? "The connection '%s' has no `%s`".formatted(connection, key)
              : "Cannot use the `%s` of the connection '%s'".formatted(key, connection),
          "Write where the API is, without user, password and parameters: `%s: https://api.example.com/v2`"
              .formatted(key));
    }
  }
}
