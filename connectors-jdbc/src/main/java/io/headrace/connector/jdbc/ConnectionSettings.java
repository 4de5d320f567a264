package io.headrace.connector.jdbc;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a database is reached, with nothing in it that is not on the lists of {@link AllowedUrl}.
 *
 * @param url without properties
 * @param properties for the driver; never to be printed
 */
record ConnectionSettings(Dialect dialect, String url, SortedMap<String, String> properties) {
  private static final Pattern URL =
      Pattern.compile("jdbc:(?<scheme>oracle:thin|[a-z0-9]+):(?<rest>.*)", Pattern.DOTALL);
  private static final Pattern WITH_PASSWORD = Pattern.compile("(?i).*[?&;]\\s*password\\s*=.*");
  private static final Set<String> OWN_KEYS = Set.of("url", "user", "password");
  private static final Set<String> FILES = Set.of("sslrootcert", "sslcert", "sslkey");

  /** The systems that have their own way of reading, or their own properties. */
  private static final List<Dialect> KNOWN =
      List.of(
          new PostgresDialect(),
          new MariaDbDialect(),
          new SqliteDialect(),
          new DuckDbDialect(),
          new GeneralDialect(AllowedUrl.SQLSERVER),
          new GeneralDialect(AllowedUrl.ORACLE));

  /**
   * What a connection says.
   *
   * @param root which relative paths start at
   * @throws HeadraceException if something in it is not allowed
   */
  static ConnectionSettings of(Connection connection, Secrets secrets, Path root) {
    Setting url = connection.settings().get("url");
    if (url == null) {
      throw new HeadraceException(
          "The connection '%s' has no `url`".formatted(connection.name()),
          "Write where the database is, such as `url: jdbc:postgresql://localhost/shop`");
    }
    return new Reader(connection, secrets, root).read(secrets.value(url));
  }

  /** The same with other values of some properties. */
  ConnectionSettings with(Map<String, String> others) {
    SortedMap<String, String> all = new TreeMap<>(properties);
    all.putAll(others);
    return new ConnectionSettings(dialect, url, all);
  }

  /**
   * Connects.
   *
   * @param prepare what is done with a new connection
   */
  java.sql.Connection connect(Failures failures, Preparation prepare) {
    java.sql.Connection connection;
    try {
      DriverManager.getDriver(url);
    } catch (SQLException e) {
      throw new HeadraceException(
          "There is no driver for the database '%s'".formatted(failures.connection()),
          "Put the JDBC driver of the system on the class path, or check how `url` starts");
    }
    try {
      connection = DriverManager.getConnection(url, driverProperties());
    } catch (SQLException e) {
      throw failures.of("connect to", e);
    }
    try {
      prepare.prepare(connection);
      return connection;
    } catch (SQLException e) {
      DatabaseSource.close(connection);
      throw failures.of("connect to", e);
    }
  }

  /** Makes a connection what it is to be. */
  interface Preparation {
    void prepare(java.sql.Connection connection) throws SQLException;
  }

  private Properties driverProperties() {
    Properties all = new Properties();
    all.putAll(properties);
    return all;
  }

  /** Reads the settings of one connection. */
  private record Reader(Connection connection, Secrets secrets, Path root) {
    ConnectionSettings read(String url) {
      requireNoPassword(url);
      Matcher matcher = URL.matcher(url);
      if (!matcher.matches()) {
        throw wrongUrl("a url starts with `jdbc:` and the name of the system");
      }
      String scheme = matcher.group("scheme");
      Dialect dialect =
          KNOWN.stream()
              .filter(known -> known.allowed().scheme().contains(scheme))
              .findFirst()
              .orElseGet(() -> new GeneralDialect(AllowedUrl.OTHER));
      AllowedUrl allowed = dialect.allowed();
      String rest = matcher.group("rest");
      int at = rest.indexOf(allowed.separator());
      String address = at < 0 ? rest : rest.substring(0, at);
      if (!allowed.address().matcher(address).matches()) {
        throw wrongUrl("'%s' is followed by something else than an address".formatted(scheme));
      }
      SortedMap<String, String> properties = new TreeMap<>(allowed.defaults());
      if (at >= 0) {
        for (String pair : rest.substring(at + 1).split(allowed.between(), -1)) {
          putPair(allowed, pair, properties);
        }
      }
      putSettings(allowed, properties);
      return new ConnectionSettings(
          dialect, dialect.url(scheme, address, root, connection.name()), properties);
    }

    private void requireNoPassword(String url) {
      Matcher matcher = URL.matcher(url);
      String rest = matcher.matches() ? matcher.group("rest") : url;
      boolean isOracle = matcher.matches() && matcher.group("scheme").startsWith("oracle");
      // What may stand before the @ of Oracle is a user with a password as well.
      boolean hasUser = isOracle ? rest.indexOf('@') > 0 : rest.matches("(?s)//[^/]*@.*");
      if (hasUser || WITH_PASSWORD.matcher(rest).matches()) {
        throw new HeadraceException(
            "The url of the connection '%s' has a password or a user in it"
                .formatted(connection.name()),
            "Give it by reference: write `user: NAME` and `password: {env: VARIABLE}` beside the url");
      }
    }

    private void putPair(AllowedUrl allowed, String pair, SortedMap<String, String> properties) {
      if (pair.isEmpty()) {
        return;
      }
      int at = pair.indexOf('=');
      String key = decoded(at < 0 ? pair : pair.substring(0, at));
      put(allowed, key, at < 0 ? "" : decoded(pair.substring(at + 1)), properties);
    }

    private String decoded(String text) {
      try {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw wrongUrl("there is a '%' in it that starts no code of a character");
      }
    }

    private void putSettings(AllowedUrl allowed, SortedMap<String, String> properties) {
      connection
          .settings()
          .forEach(
              (key, setting) -> {
                if (key.equals("password") && setting instanceof Setting.Plain) {
                  throw new HeadraceException(
                      "The password of the connection '%s' is written in the project"
                          .formatted(connection.name()),
                      "Give it by reference: `password: {env: VARIABLE}` or `password: {file: PATH}`");
                }
                if (key.equals("user") || key.equals("password")) {
                  properties.put(key, secrets.value(setting));
                } else if (!key.equals("url")) {
                  put(allowed, key, secrets.value(setting), properties);
                }
              });
    }

    private void put(
        AllowedUrl allowed, String key, String value, SortedMap<String, String> properties) {
      String name =
          allowed
              .property(key)
              .orElseThrow(
                  () -> {
                    Set<String> all = new TreeSet<>(allowed.properties().values());
                    all.addAll(OWN_KEYS);
                    String list = "Allowed are " + String.join(", ", all);
                    return new HeadraceException(
                        "'%s' is not allowed in the connection '%s'"
                            .formatted(key, connection.name()),
                        NearestWord.find(key, all)
                            .map(near -> "Did you mean '%s'? %s".formatted(near, list))
                            .orElse(list));
                  });
      boolean isFile =
          FILES.contains(name) || (name.equals("serverSslCert") && !value.startsWith("-----"));
      if (isFile && value.toLowerCase(Locale.ROOT).matches("[a-z]+:.*")) {
        throw new HeadraceException(
            "`%s` of the connection '%s' is no path of a file".formatted(name, connection.name()),
            "Write a path, absolute or relative to the project's folder");
      }
      properties.put(name, isFile ? root.resolve(value).toString() : value);
    }

    private HeadraceException wrongUrl(String reason) {
      return new HeadraceException(
          "Cannot use the url of the connection '%s': %s".formatted(connection.name(), reason),
          "Write it like `jdbc:postgresql://HOST:PORT/DATABASE`, `jdbc:mariadb://HOST:PORT/DATABASE`,"
              + " `jdbc:sqlite:FILE` or `jdbc:duckdb:FILE`, without user and password");
    }
  }
}
