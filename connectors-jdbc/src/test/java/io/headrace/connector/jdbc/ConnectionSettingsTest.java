package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionSettingsTest {
  private static final String POSTGRESQL = "jdbc:postgresql://localhost/shop";
  private static final String MARIADB = "jdbc:mariadb://localhost/shop";

  @TempDir Path root;

  private ConnectionSettings read(Map<String, Setting> settings) {
    Connection connection =
        new Connection("shop", new TreeMap<>(settings), new Location("headrace.yaml", 1, 1));
    return ConnectionSettings.of(connection, new Secrets(root, Map.of("PW", "geheim")::get), root);
  }

  private ConnectionSettings read(String url, String... more) {
    Map<String, Setting> settings = new TreeMap<>();
    settings.put("url", new Setting.Plain(url));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], new Setting.Plain(more[i + 1]));
    }
    return read(settings);
  }

  @Test
  void takesPropertiesFromTheUrlAndBesideIt() {
    ConnectionSettings settings =
        read(POSTGRESQL + "?sslmode=verify-full&currentSchema=my%20sales", "applicationName", "x");
    assertThat(settings.url()).isEqualTo(POSTGRESQL);
    assertThat(settings.properties())
        .containsEntry("sslmode", "verify-full")
        .containsEntry("currentSchema", "my sales")
        .containsEntry("ApplicationName", "x")
        .containsEntry("connectTimeout", "10");
  }

  @Test
  void takesAPasswordByReference() {
    ConnectionSettings settings =
        read(
            Map.of(
                "url", new Setting.Plain(MARIADB),
                "user", new Setting.Plain("me"),
                "password", new Setting.FromEnvironment("PW")));
    assertThat(settings.properties())
        .containsEntry("password", "geheim")
        .containsEntry("allowLocalInfile", "false")
        .containsEntry("connectTimeout", "10000");
  }

  @Test
  void refusesPasswordsThatAreWritten() {
    for (String url :
        List.of(
            "jdbc:postgresql://me:geheim@localhost/shop",
            "jdbc:postgresql://localhost/shop?user=me&password=geheim",
            "jdbc:mariadb://localhost/shop?PASSWORD=geheim",
            "jdbc:sqlserver://localhost;password=geheim",
            "jdbc:oracle:thin:scott/geheim@//localhost/shop")) {
      assertThatThrownBy(() -> read(url))
          .isInstanceOf(HeadraceException.class)
          .hasMessage("The url of the connection 'shop' has a password or a user in it")
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .startsWith("Give it by reference");
    }
    assertThatThrownBy(() -> read(POSTGRESQL, "password", "geheim"))
        .hasMessage("The password of the connection 'shop' is written in the project")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void refusesPropertiesThatAreNotOnTheList() {
    for (String key :
        List.of(
            "socketFactory",
            "socketFactoryArg",
            "sslfactory",
            "sslfactoryarg",
            "loggerFile",
            "options",
            "service",
            "authenticationPluginClassName",
            "jaasApplicationName",
            "sslpasswordcallback",
            "xmlFactoryFactory",
            "user",
            "%73ocketFactory",
            "")) {
      assertThatThrownBy(() -> read(POSTGRESQL + "?" + key + "=x"))
          .hasMessageContaining("is not allowed in the connection 'shop'");
    }
    for (String key :
        List.of(
            "allowLocalInfile",
            "autoDeserialize",
            "localSocket",
            "initSql",
            "sessionVariables",
            "serverRsaPublicKeyFile",
            "credentialType",
            "socketFactory",
            "poolName",
            "permitMysqlScheme",
            "tinyInt1isBit")) {
      assertThatThrownBy(() -> read(MARIADB, key, "x"))
          .hasMessage("'%s' is not allowed in the connection 'shop'".formatted(key));
    }
    assertThatThrownBy(() -> read("jdbc:sqlite:x.db?enable_load_extension=true"))
        .hasMessageContaining("'enable_load_extension' is not allowed");
    assertThatThrownBy(() -> read("jdbc:h2:mem:x", "INIT", "RUNSCRIPT"))
        .hasMessageContaining("'INIT' is not allowed");
  }

  @Test
  void namesTheNearestProperty() {
    assertThatThrownBy(() -> read(POSTGRESQL, "ssl_mode", "require"))
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo(
            "Did you mean 'sslmode'? Allowed are ApplicationName, connectTimeout, currentSchema,"
                + " password, socketTimeout, sslcert, sslkey, sslmode, sslrootcert, url, user");
  }

  @Test
  void refusesUrlsThatAreNoAddress() {
    for (String url :
        List.of(
            "postgresql://localhost/shop",
            "jdbc:postgresql:shop",
            "jdbc:mariadb:replication://a,b/shop",
            "jdbc:mariadb://address=(host=a)(localSocket=/tmp/x)/shop",
            "jdbc:sqlite:",
            "jdbc:sqlite::memory:",
            "jdbc:sqlite::resource:http://example.org/x.db",
            "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'x'",
            "jdbc:derby:x;create=true")) {
      assertThatThrownBy(() -> read(url))
          .isInstanceOf(HeadraceException.class)
          .hasMessageStartingWith("Cannot use the url of the connection 'shop': ");
    }
    assertThatThrownBy(() -> read("jdbc:sqlite:file:x.db?mode=rwc"))
        .isInstanceOf(HeadraceException.class);
    assertThatThrownBy(() -> read(Map.of())).hasMessage("The connection 'shop' has no `url`");
  }

  @Test
  void findsFilesFromTheProject() throws IOException {
    Files.createFile(root.resolve("shop.db"));
    assertThat(read("jdbc:sqlite:shop.db").url())
        .isEqualTo("jdbc:sqlite:" + root.resolve("shop.db"));
    assertThat(read(POSTGRESQL, "sslrootcert", "certs/ca.pem").properties())
        .containsEntry("sslrootcert", root.resolve("certs/ca.pem").toString());
    assertThatThrownBy(() -> read(MARIADB, "serverSslCert", "classpath:x"))
        .hasMessage("`serverSslCert` of the connection 'shop' is no path of a file");
  }

  @Test
  void saysThatADriverIsMissing() {
    Reading reading =
        new Reading(root, Map.of("url", "jdbc:oracle:thin:@//localhost/shop"), Map.of());
    assertThatThrownBy(() -> reading.table("t"))
        .hasMessage("There is no driver for the database 'shop'");
  }

  @Test
  void wantsATableOrAQuery() {
    Reading reading = new Reading(root, Map.of("url", POSTGRESQL), Map.of());
    assertThatThrownBy(() -> reading.all(Map.of()))
        .hasMessage("The source names neither a table nor a query");
    assertThatThrownBy(() -> reading.all(Map.of("table", "a", "query", "SELECT 1")))
        .hasMessage("The source names both a table and a query");
    assertThatThrownBy(() -> reading.all(Map.of("tabel", "a")))
        .hasMessage("A source of a database has no 'tabel'");
  }
}
