package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresTargetTest extends TargetContract {
  private static EmbeddedPostgres server;
  private static int databases;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  private static String url() {
    return "jdbc:postgresql://127.0.0.1:%d/d%d".formatted(server.getPort(), databases);
  }

  @Override
  Connection admin() throws SQLException {
    return DriverManager.getConnection(url(), "postgres", "");
  }

  @Override
  Reading newDatabase() throws Exception {
    databases++;
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE d" + databases);
    }
    return as("postgres");
  }

  private Reading as(String user) {
    return new Reading(root, Map.of("url", url(), "user", user), Map.of());
  }

  @Override
  String quoted(String name) {
    return '"' + name + '"';
  }

  @Override
  String everyType() {
    return """
    SELECT true AS b, (-2147483648)::INT AS i, 9223372036854775807::BIGINT AS l, 0.1::FLOAT AS f,
      'nan'::FLOAT AS fn, '-inf'::DOUBLE AS d, 5e-324::DOUBLE AS dd, 12.50::DECIMAL(10, 2) AS n,
      -1234567890123456789012345678.0123456789::DECIMAL(38, 10) AS big, DATE '0001-01-01' AS day,
      TIME '23:59:59.999999' AS ti, TIMESTAMP '9999-12-31 23:59:59.999999' AS ts,
      TIMESTAMPTZ '2026-01-31 12:00:00.1+02' AS tz,
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS u
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL""";
  }

  @Override
  DeclaredColumn[] declared() {
    return new DeclaredColumn[0];
  }

  @Test
  void listsMapsAndStructsAreJson() {
    String sql =
        "SELECT ['a', NULL] AS li, {'x': 1.50::DECIMAL(38, 2), 'y': NULL::INT} AS st, NULL::INT[] AS no";
    try (Target target = reading.target("nested")) {
      assertThat(
              target.deliver(reading.delivery("v1", Optional.empty(), sql), Cancellation.never()))
          .contains(1L);
    }
    assertThat(reading.table("nested"))
        .containsExactly("[\"a\", null] | {\"x\": \"1.50\", \"y\": null} | null");
  }

  @Test
  void deliversToASchemaWhoseTableHasItsNote() throws SQLException {
    execute("CREATE SCHEMA sales");
    try (Target target = reading.target("sales.orders")) {
      assertThat(
              target.deliver(
                  reading.delivery("v1", Optional.empty(), "SELECT 1 AS id"), Cancellation.never()))
          .contains(1L);
    }
    try (Target other = reading.target("orders")) {
      assertThat(other.version()).isEmpty();
    }
    assertThat(reading.table("sales.headrace_exports")).hasSize(1);
  }

  @Test
  void grantsStay() throws SQLException {
    execute(
        "CREATE ROLE analyst LOGIN",
        "CREATE TABLE orders (id integer PRIMARY KEY)",
        "GRANT SELECT ON orders TO analyst");
    try (Target target = reading.target("orders")) {
      assertThat(
              target.deliver(
                  reading.delivery("v1", Optional.empty(), "SELECT 7 AS id"), Cancellation.never()))
          .contains(1L);
    }
    assertThat(as("analyst").table("orders")).containsExactly("7");
    try (Target target = as("analyst").target("orders")) {
      assertThatThrownBy(
              () ->
                  target.deliver(
                      reading.delivery("v2", Optional.of("v1"), "SELECT 8 AS id"),
                      Cancellation.never()))
          .isInstanceOf(HeadraceException.class)
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .startsWith("Let the user of the connection create tables there");
    }
  }
}
