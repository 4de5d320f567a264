package io.headrace.connector.jdbc;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the URL of a system may look like, and which properties its driver may be given. Drivers can
 * be told to load classes, to read and write files, and to run statements; nothing of that is here.
 *
 * @param scheme the words behind {@code jdbc:} that choose it
 * @param address what may stand behind the scheme, up to the properties
 * @param separator what the properties start with, and {@code between} what separates them
 * @param properties the properties by how they are written in lower case
 * @param defaults values of those that are not given
 */
record AllowedUrl(
    List<String> scheme,
    Pattern address,
    String separator,
    String between,
    Map<String, String> properties,
    Map<String, String> defaults) {
  private static final Pattern HOSTS =
      Pattern.compile("//[A-Za-z0-9._:,\\[\\]-]+(/[^/?;#@&\\s]*)?");

  static final AllowedUrl POSTGRESQL =
      new AllowedUrl(
          List.of("postgresql"),
          HOSTS,
          "?",
          "&",
          names(
              "sslmode",
              "sslrootcert",
              "sslcert",
              "sslkey",
              "currentSchema",
              "connectTimeout",
              "socketTimeout",
              "ApplicationName"),
          Map.of("connectTimeout", "10", "tcpKeepAlive", "true", "ApplicationName", "headrace"));

  static final AllowedUrl MARIADB =
      new AllowedUrl(
          List.of("mariadb", "mysql"),
          HOSTS,
          "?",
          "&",
          names("sslMode", "serverSslCert", "connectTimeout", "socketTimeout"),
          Map.of(
              "connectTimeout", "10000",
              "tcpKeepAlive", "true",
              "tinyInt1isBit", "false",
              "yearIsDateType", "false",
              "allowLocalInfile", "false"));

  static final AllowedUrl SQLITE =
      new AllowedUrl(
          List.of("sqlite"),
          Pattern.compile("[^:?;#][^?;#]*"),
          "?",
          "&",
          names("busy_timeout"),
          Map.of("busy_timeout", "5000", "open_mode", "1"));

  /** A file that is only read, without a way to others: queries cannot reach around it. */
  static final AllowedUrl DUCKDB =
      new AllowedUrl(
          List.of("duckdb"),
          Pattern.compile("[^:?;#][^?;#]*"),
          "?",
          "&",
          names(),
          Map.of(
              "duckdb.read_only", "true",
              "enable_external_access", "false",
              "autoinstall_known_extensions", "false",
              "autoload_known_extensions", "false"));

  static final AllowedUrl SQLSERVER =
      new AllowedUrl(
          List.of("sqlserver"),
          Pattern.compile("//[A-Za-z0-9._:\\\\-]+"),
          ";",
          ";",
          names(
              "databaseName",
              "encrypt",
              "trustServerCertificate",
              "hostNameInCertificate",
              "loginTimeout",
              "socketTimeout",
              "applicationName",
              "applicationIntent"),
          Map.of("loginTimeout", "10"));

  static final AllowedUrl ORACLE =
      new AllowedUrl(
          List.of("oracle:thin"),
          Pattern.compile("@(//)?[A-Za-z0-9._:/-]+"),
          "?",
          "&",
          names("oracle.net.CONNECT_TIMEOUT", "oracle.jdbc.ReadTimeout"),
          Map.of("oracle.net.CONNECT_TIMEOUT", "10000"));

  /** Of a system that nothing is known of, but that its driver is there. */
  static final AllowedUrl OTHER =
      new AllowedUrl(List.of(), Pattern.compile("[A-Za-z0-9._:/-]+"), "?", "&", Map.of(), Map.of());

  private static Map<String, String> names(String... names) {
    Map<String, String> byLowerCase = new TreeMap<>();
    for (String name : names) {
      byLowerCase.put(name.toLowerCase(Locale.ROOT), name);
    }
    return byLowerCase;
  }

  /** The driver's name of a property, or empty if it may not be given. */
  Optional<String> property(String name) {
    return Optional.ofNullable(properties.get(name.toLowerCase(Locale.ROOT)));
  }
}
