package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqliteSourceTest extends SourceContract {
  @Override
  Connection admin() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + root.resolve("data/shop.db"));
  }

  @Override
  Reading newDatabase() throws Exception {
    Files.createDirectories(root.resolve("data"));
    execute("CREATE TABLE other (id INTEGER)");
    return reading("jdbc:sqlite:data/shop.db?busy_timeout=100");
  }

  private Reading reading(String url) {
    return new Reading(root, Map.of("url", url), Map.of());
  }

  @Override
  String textType() {
    return "TEXT";
  }

  @Override
  String bytesType() {
    return "BLOB";
  }

  @Override
  String timestampType() {
    return "TIMESTAMP";
  }

  @Override
  String endless() {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
  }

  @Override
  String silent() {
    return endless() + " WHERE i < 0";
  }

  @Override
  boolean allowsNul() {
    return true;
  }

  @Override
  String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Test
  void takesTypesFromDeclarations() throws SQLException {
    execute(
        """
        CREATE TABLE types (i INTEGER, b BIGINT, t VARCHAR(10), x BLOB, r REAL, d DOUBLE PRECISION,
          o BOOLEAN, day DATE, at DATETIME, ts TIMESTAMP, n DECIMAL(10,2), u NUMERIC, any, j JSON)""",
        """
        INSERT INTO types VALUES (9223372036854775807, -9223372036854775808, 'a', x'00ff', 0.1, 1e300,
          1, '2026-01-31', '2026-01-31 12:00:00', '2026-01-31T12:00:00.5', 12.5, 1.25, 7, '{}')""",
        "INSERT INTO types (r, d, o, any, n) VALUES (9e999, 5e-324, 0, 'text', 100)");
    assertThat(reading.columns(Map.of("table", "types")))
        .containsExactly(
            "i BIGINT",
            "b BIGINT",
            "t VARCHAR",
            "x BLOB",
            "r DOUBLE",
            "d DOUBLE",
            "o BOOLEAN",
            "day DATE",
            "at TIMESTAMP",
            "ts TIMESTAMP",
            "n DECIMAL(10,2)",
            "u VARCHAR",
            "any VARCHAR",
            "j VARCHAR");
    assertThat(reading.table("types"))
        .containsExactly(
            "9223372036854775807 | -9223372036854775808 | a | 0x00ff | 0.1 | 1.0E300 | true |"
                + " 2026-01-31 | 2026-01-31T12:00 | 2026-01-31T12:00:00.500 | 12.50 | 1.25 | 7 | {}",
            "null | null | null | null | Infinity | 4.9E-324 | false | null | null | null |"
                + " 100.00 | null | text | null");
  }

  @Test
  void refusesValuesOfAnotherTypeThanTheirColumn() throws SQLException {
    record Case(String type, String value, String shown) {}
    for (Case wrong :
        List.of(
            new Case("INTEGER", "1.5", "1.5"),
            new Case("INTEGER", "'many'", "many"),
            new Case("INTEGER", "x'01'", "(bytes)"),
            new Case("DECIMAL(10,2)", "1.005", "1.005"),
            new Case("DATE", "1700000000000", "1700000000000"),
            new Case("DATE", "'2026-01-31 12:00'", "2026-01-31 12:00"),
            new Case("TIMESTAMP", "'2026-01-31 12:00:00+02:00'", "2026-01-31 12:00:00+02:00"),
            new Case("BOOLEAN", "2", "2"),
            new Case("BLOB", "'text'", "text"))) {
      execute(
          "CREATE TABLE wrong (v %s)".formatted(wrong.type()),
          "INSERT INTO wrong VALUES (%s)".formatted(wrong.value()));
      assertThatThrownBy(() -> reading.table("wrong"))
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("Column 'v' has the value '%s'".formatted(wrong.shown()));
      execute("DROP TABLE wrong");
    }
  }

  @Test
  void declaredTypesReadEpochs() throws SQLException {
    execute("CREATE TABLE e (at DATETIME)", "INSERT INTO e VALUES (1700000000000)");
    assertThat(reading.table("e", new DeclaredColumn("AT", "bigint")))
        .containsExactly("1700000000000");
  }

  @Test
  void refusesTextThatIsNoText() throws SQLException {
    execute("CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES ('\uFFFD')");
    assertThat(reading.table("t")).containsExactly("\uFFFD");
    execute("INSERT INTO t VALUES (CAST(x'61ff' AS TEXT))");
    assertThatThrownBy(() -> reading.table("t"))
        .hasMessage("Column 'v' has text that is not UTF-8");
  }

  @Test
  void refusesACursorOfSeveralTypes() throws SQLException {
    execute("CREATE TABLE t (v)", "INSERT INTO t VALUES (1), ('a')");
    try (Source source = reading.open(Map.of("table", "t", "cursor", "v"))) {
      assertThatThrownBy(source::positions)
          .hasMessage("Column 'v' cannot be the cursor: its values go from integer to text 'a'");
    }
  }

  @Test
  void takesAnExpressionAsCursor() throws SQLException {
    execute("CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES ('9'), ('10')");
    String query = "SELECT CAST(v AS INTEGER) AS position FROM t";
    try (Source source = reading.open(Map.of("query", query, "cursor", "position"))) {
      assertThat(source.positions()).containsExactly(new Position("query", "10"));
      List<Position> nine = List.of(new Position("query", "9"));
      assertThat(reading.rows(source, nine, source.positions())).containsExactly("10");
    }
  }

  @Test
  void neverMakesAFile() {
    assertThatThrownBy(() -> reading("jdbc:sqlite:data/none.db").table("t"))
        .hasMessage("There is no file 'data/none.db', which the connection 'shop' names");
    assertThat(root.resolve("data/none.db")).doesNotExist();
  }

  @Test
  void reportsAFileThatIsNoDatabase() throws IOException {
    Files.writeString(
        root.resolve("data/text.db"), "no database, but long enough to be one".repeat(99));
    assertThatThrownBy(() -> reading("jdbc:sqlite:data/text.db").table("t"))
        .hasMessageContaining("Cannot read from the database 'shop': ")
        .hasMessageContaining("not a database")
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Does `url` name the right file?");
  }

  @Test
  void reportsALock() throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      assertThatThrownBy(() -> reading.table("other"))
          .hasMessageContaining("Cannot read from the database 'shop': ")
          .hasMessageContaining("locked")
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .startsWith("Another program is writing");
    }
  }
}
