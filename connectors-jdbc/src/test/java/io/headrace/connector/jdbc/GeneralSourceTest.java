package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system of which no more is known than what JDBC says. */
class GeneralSourceTest {
  @TempDir Path root;

  /** Something to do with a database that is there as long as it takes. */
  private interface Work {
    void run(Reading reading, Statement statement) throws SQLException;
  }

  private void with(Work work) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:shop", "sa", "");
        Statement statement = connection.createStatement()) {
      work.run(
          new Reading(root, Map.of("url", "jdbc:h2:mem:shop", "user", "sa"), Map.of()), statement);
    }
  }

  @Test
  void readsEveryType() throws SQLException {
    with(
        (reading, statement) -> {
          statement.execute(
              """
              CREATE TABLE types (b BOOLEAN, t TINYINT, i INTEGER, l BIGINT, n NUMERIC(38,10), f REAL,
                d DOUBLE PRECISION, dd DATE, ti TIME(6), ts TIMESTAMP(6), tz TIMESTAMP(6) WITH TIME ZONE,
                c VARCHAR, x VARBINARY, u UUID)""");
          statement.execute(
              """
              INSERT INTO types VALUES (true, -128, -2147483648, 9223372036854775807,
                -1234567890123456789012345678.0123456789, 0.1, 0.1, DATE '0001-01-01', '12:00',
                '9999-12-31 23:59:59.999999', '2026-01-31 12:00:00.1+02', 'a,"', X'00ff5c',
                'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), (null, null, null, null, null, null, null,
                null, null, null, null, null, null, null)""");
          assertThat(reading.columns(Map.of("table", "TYPES")))
              .containsExactly(
                  "B BOOLEAN",
                  "T INTEGER",
                  "I INTEGER",
                  "L BIGINT",
                  "N DECIMAL(38,10)",
                  "F FLOAT",
                  "D DOUBLE",
                  "DD DATE",
                  "TI TIME",
                  "TS TIMESTAMP",
                  "TZ TIMESTAMPTZ",
                  "C VARCHAR",
                  "X BLOB",
                  "U UUID");
          assertThat(reading.table("TYPES"))
              .containsExactly(
                  "true | -128 | -2147483648 | 9223372036854775807 |"
                      + " -1234567890123456789012345678.0123456789 | 0.1 | 0.1 | 0001-01-01 | 12:00 |"
                      + " 9999-12-31T23:59:59.999999 | 2026-01-31T10:00:00.100Z | a,\" | 0x00ff5c |"
                      + " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                  String.join(" | ", Collections.nCopies(14, "null")));
        });
  }

  @Test
  void refusesMoreThanMicrosecondsAndOtherYears() throws SQLException {
    for (String value :
        List.of("2026-01-31 12:00:00.123456789", "10000-01-01 00:00:00", "-0044-03-15 00:00:00")) {
      with(
          (reading, statement) -> {
            statement.execute("CREATE TABLE t (ts TIMESTAMP(9))");
            statement.execute("INSERT INTO t VALUES ('" + value + "')");
            assertThatThrownBy(() -> reading.table("T"))
                .hasMessageContaining("Column 'TS' has the value")
                .hasMessageContaining("not exactly a value of type TIMESTAMP");
          });
    }
  }

  @Test
  void readsBehindAPosition() throws SQLException {
    with(
        (reading, statement) -> {
          statement.execute(
              "CREATE TABLE e (at TIMESTAMP(6) WITH TIME ZONE, n NUMERIC(5,2), c VARCHAR)");
          statement.execute(
              """
              INSERT INTO e VALUES ('2026-01-31 12:00:00.000001+02', 9.5, 'a'),
                ('2026-01-31 12:00:00.000002+02', 10.5, 'b')""");
          try (Source source = reading.open(Map.of("table", "E", "cursor", "AT"))) {
            assertThat(source.positions())
                .containsExactly(new Position("E", "2026-01-31T10:00:00.000002Z"));
            List<Position> one = List.of(new Position("E", "2026-01-31T10:00:00.000001Z"));
            assertThat(reading.rows(source, one, source.positions()))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("b");
          }
          try (Source source = reading.open(Map.of("table", "E", "cursor", "N"))) {
            assertThat(source.positions()).containsExactly(new Position("E", "10.5"));
            List<Position> one = List.of(new Position("E", "9.5"));
            assertThat(reading.rows(source, one, source.positions())).hasSize(1);
          }
          assertThatThrownBy(() -> reading.open(Map.of("table", "E", "cursor", "C")))
              .hasMessageContaining("cannot be the cursor");
        });
  }

  @Test
  void namesTheNearestTableAndTakesDeclaredTypes() throws SQLException {
    with(
        (reading, statement) -> {
          statement.execute("CREATE TABLE orders (total VARCHAR)");
          statement.execute("INSERT INTO orders VALUES ('12.5')");
          assertThatThrownBy(() -> reading.table("orders"))
              .extracting(e -> ((HeadraceException) e).hint())
              .isEqualTo("Did you mean 'ORDERS'?");
          assertThat(
                  reading.query(
                      "SELECT total FROM orders;", new DeclaredColumn("TOTAL", "DECIMAL(9,2)")))
              .containsExactly("12.50");
        });
  }
}
