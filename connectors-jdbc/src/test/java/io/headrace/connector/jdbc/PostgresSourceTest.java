package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.connector.staging.ExactText;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresSourceTest extends ServerContract {
  private static EmbeddedPostgres server;
  private static int databases;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      requirePasswords(statement);
      statement.execute("CREATE ROLE reader LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
    }
  }

  /** The server lets everybody in who is on this machine, until it is told otherwise. */
  private static void requirePasswords(Statement statement) throws Exception {
    try (ResultSet file = statement.executeQuery("SHOW hba_file")) {
      file.next();
      Files.writeString(
          Path.of(file.getString(1)),
          "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
    }
    statement.execute("SELECT pg_reload_conf()");
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Override
  Reading newDatabase() throws Exception {
    databases++;
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database());
    }
    execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader");
    return reader(url("127.0.0.1", port(), database()), PASSWORD);
  }

  @Override
  Connection admin() throws SQLException {
    return DriverManager.getConnection(url("127.0.0.1", port(), database()), "postgres", "");
  }

  @Override
  String url(String host, int port, String database) {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  @Override
  int port() {
    return server.getPort();
  }

  @Override
  String database() {
    return "shop" + databases;
  }

  @Override
  void killOthers() throws SQLException {
    execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'");
  }

  @Override
  List<String> forbidding(String table) {
    return List.of("REVOKE ALL ON " + table + " FROM reader");
  }

  @Override
  String textType() {
    return "TEXT";
  }

  @Override
  String bytesType() {
    return "BYTEA";
  }

  @Override
  String timestampType() {
    return "TIMESTAMP";
  }

  @Override
  String endless() {
    return "SELECT pg_sleep(0.01)::text AS s FROM generate_series(1, 1000000)";
  }

  @Override
  String silent() {
    return "SELECT pg_sleep(60)::text AS s";
  }

  @Override
  boolean allowsNul() {
    return false;
  }

  @Override
  String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Test
  void readsEveryType() throws SQLException {
    execute(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s \"ok\"')",
        "CREATE DOMAIN positive AS integer CHECK (value > 0)",
        """
        CREATE TABLE types (a serial, i2 smallint, i4 integer, i8 bigint, dom positive, f4 real,
          f8 double precision, n numeric(38,10), u numeric, b boolean, t text, c char(3), v varchar(9),
          m mood, d date, ti time, ts timestamp, tz timestamptz, id uuid, j json, jb jsonb, iv interval,
          ip inet, r int4range, x bytea, bi bit(3), mo money, tt timetz)""",
        """
        INSERT INTO types VALUES (1, -32768, -2147483648, -9223372036854775808, 5, 0.1, 0.1,
          '-1234567890123456789012345678.0123456789', '1e30', true, '', 'a', 'v,"', 'it''s "ok"',
          '0001-01-01', '23:59:59.999999', '9999-12-31 23:59:59.999999', '2026-01-31 12:00:00.1+02',
          'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a":  "\\u00e9"}', '{"a": [1]}', '1 day 02:00:00',
          '10.0.0.0/8', '[1,5)', '\\x00ff5c', '101', 12.5, '12:00+02')""",
        "INSERT INTO types (a, f4, f8, u, b) VALUES (2, 'NaN', '-Infinity', 'NaN', false)",
        "INSERT INTO types (a, f4, f8) VALUES (3, '3.4028235e38', '5e-324')");
    assertThat(reading.columns(Map.of("table", "types")))
        .containsExactly(
            "a INTEGER",
            "i2 INTEGER",
            "i4 INTEGER",
            "i8 BIGINT",
            "dom INTEGER",
            "f4 FLOAT",
            "f8 DOUBLE",
            "n DECIMAL(38,10)",
            "u VARCHAR",
            "b BOOLEAN",
            "t VARCHAR",
            "c VARCHAR",
            "v VARCHAR",
            "m VARCHAR",
            "d DATE",
            "ti TIME",
            "ts TIMESTAMP",
            "tz TIMESTAMPTZ",
            "id UUID",
            "j VARCHAR",
            "jb VARCHAR",
            "iv VARCHAR",
            "ip VARCHAR",
            "r VARCHAR",
            "x BLOB",
            "bi VARCHAR",
            "mo VARCHAR",
            "tt VARCHAR");
    List<String> rows = reading.table("types");
    assertThat(rows.get(0))
        .isEqualTo(
            "1 | -32768 | -2147483648 | -9223372036854775808 | 5 | 0.1 | 0.1 |"
                + " -1234567890123456789012345678.0123456789 | 1000000000000000000000000000000 |"
                + " true |  | a   | v,\" | it's \"ok\" | 0001-01-01 | 23:59:59.999999 |"
                + " 9999-12-31T23:59:59.999999 | 2026-01-31T10:00:00.100Z |"
                + " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | {\"a\":  \"\\u00e9\"} | {\"a\": [1]} |"
                + " 1 day 02:00:00 | 10.0.0.0/8 | [1,5) | 0x00ff5c | 101 | $12.50 | 12:00:00+02");
    assertThat(rows.get(1))
        .startsWith("2 | null | null | null | null | NaN | -Infinity | null | NaN | false | null");
    assertThat(rows.get(2)).startsWith("3 | null | null | null | null | 3.4028235E38 | 4.9E-324 |");
  }

  @Test
  void readsArrays() throws SQLException {
    execute(
        """
        CREATE TABLE arrays (i integer[], l bigint[], f double precision[], b boolean[], t text[],
          u uuid[], d date[])""",
        """
        INSERT INTO arrays VALUES ('{1,NULL,-3}', '{9223372036854775807}', '{NaN,0.1,-Infinity}',
          '{t,f,NULL}', ARRAY['', 'NULL', NULL, 'a,b', '"', '''', '\\', 'x\\n', E'\\n', ' s ', '[', ']', '{}', 'é'],
          '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{2026-01-31}')""",
        "INSERT INTO arrays VALUES ('{}', NULL, '{}', '{}', '{}', '{}', '{}')");
    assertThat(reading.columns(Map.of("table", "arrays")))
        .containsExactly(
            "i INTEGER[]",
            "l BIGINT[]",
            "f DOUBLE[]",
            "b BOOLEAN[]",
            "t VARCHAR[]",
            "u UUID[]",
            "d VARCHAR");
    assertThat(reading.table("arrays"))
        .containsExactly(
            "[1, null, -3] | [9223372036854775807] | [NaN, 0.1, -Infinity] | [true, false, null] |"
                + " [, NULL, null, a,b, \", ', \\, x\\n, \n,  s , [, ], {}, é] |"
                + " [a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11] | {2026-01-31}",
            "[] | null | [] | [] | [] | [] | {}");
    execute("INSERT INTO arrays (i) VALUES ('{{1,2},{3,4}}')");
    assertThatThrownBy(() -> reading.table("arrays"))
        .hasMessage(
            "Column 'i' has the value '{{1,2},{3,4}}', which is not exactly a value of type"
                + " INTEGER[]");
  }

  @Test
  void refusesWhatTheEngineHasNoValueFor() throws SQLException {
    record Case(String type, String value, String shown) {}
    for (Case wrong :
        List.of(
            new Case("date", "infinity", "infinity"),
            new Case("date", "0044-03-15 BC", "0044-03-15 BC"),
            new Case("date", "10000-01-01", "10000-01-01"),
            new Case("timestamp", "-infinity", "-infinity"),
            new Case("timestamptz", "10000-01-01 00:00:00+00", "10000-01-01 00:00:00+00"),
            new Case("time", "24:00:00", "24:00:00"))) {
      execute(
          "CREATE TABLE wrong (v %s)".formatted(wrong.type()),
          "INSERT INTO wrong VALUES (NULL), ('%s')".formatted(wrong.value()));
      assertThatThrownBy(() -> reading.table("wrong"))
          .hasNoCause()
          .hasMessage(
              "Column 'v' has the value '%s', which is not exactly a value of type %s"
                  .formatted(wrong.shown(), ExactText.normal(wrong.type())));
      assertThat(reading.table("wrong", new DeclaredColumn("v", "VARCHAR")))
          .containsExactly("null", wrong.shown());
      execute("DROP TABLE wrong");
    }
    execute("CREATE TABLE wrong (v numeric(5,1))", "INSERT INTO wrong VALUES ('NaN')");
    assertThatThrownBy(() -> reading.table("wrong")).hasMessageContaining("\"v\"");
  }

  @Test
  void positionsOfMomentsAreInUtc() throws SQLException {
    execute(
        "CREATE TABLE e (at timestamptz, n numeric)",
        "INSERT INTO e VALUES ('2026-01-31 12:00:00.5+02', 1.50), ('2026-01-31 11:00:00+02', 1.5)");
    try (Source source = reading.open(Map.of("table", "public.e", "cursor", "at"))) {
      assertThat(source.positions())
          .containsExactly(new Position("public.e", "2026-01-31T10:00:00.500000Z"));
      List<Position> nine = List.of(new Position("public.e", "2026-01-31T09:00:00.000000Z"));
      assertThat(reading.rows(source, nine, source.positions()))
          .containsExactly("2026-01-31T10:00:00.500Z | 1.50");
    }
    try (Source source = reading.open(Map.of("table", "e", "cursor", "n"))) {
      assertThat(source.positions()).containsExactly(new Position("e", "1.5"));
    }
    execute("INSERT INTO e VALUES ('infinity', 'NaN')");
    for (String cursor : List.of("at", "n")) {
      try (Source source = reading.open(Map.of("table", "e", "cursor", cursor))) {
        assertThatThrownBy(source::positions)
            .hasMessageContaining("cannot be the cursor: its largest value is");
      }
    }
  }

  @Test
  void refusesTwoColumnsOfOneName() {
    assertThatThrownBy(() -> reading.query("SELECT 1 AS a, 2 AS \"A\""))
        .hasMessage("Two columns of 'query' have the name 'A'");
  }

  @Test
  void namesTheSchemaOfATable() throws SQLException {
    execute("CREATE SCHEMA sales", "CREATE TABLE sales.orders (id integer)");
    assertThatThrownBy(() -> reading.table("orders"))
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Did you mean 'sales.orders'?");
  }
}
