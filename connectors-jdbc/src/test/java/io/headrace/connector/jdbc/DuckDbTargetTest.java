package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Query.DeclaredColumn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuckDbTargetTest extends TargetContract {
  @Override
  Connection admin() throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + root.resolve("shop.duckdb"));
  }

  @Override
  Reading newDatabase() {
    return new Reading(root, Map.of("url", "jdbc:duckdb:shop.duckdb"), Map.of());
  }

  @Override
  String quoted(String name) {
    return '"' + name + '"';
  }

  @Override
  String everyType() {
    return """
    SELECT true AS b, (-2147483648)::INT AS i, 9223372036854775807::BIGINT AS l, 0.1::FLOAT AS f,
      '-inf'::DOUBLE AS d, 'nan'::DOUBLE AS nan, 12.50::DECIMAL(10, 2) AS n,
      -1234567890123456789012345678.0123456789::DECIMAL(38, 10) AS big, DATE '0001-01-01' AS day,
      TIME '23:59:59.999999' AS ti, TIMESTAMP '9999-12-31 23:59:59.999999' AS ts,
      TIMESTAMPTZ '2026-01-31 12:00:00.1+02' AS tz,
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS u, '["a",null]' AS li
    UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL""";
  }

  @Override
  DeclaredColumn[] declared() {
    return new DeclaredColumn[] {new DeclaredColumn("f", "FLOAT")};
  }

  @Test
  void makesTheFileButNoFolder() {
    Reading none = new Reading(root, Map.of("url", "jdbc:duckdb:none/shop.duckdb"), Map.of());
    assertThatThrownBy(() -> none.target("t"))
        .hasMessage(
            "There is no place for a file 'none/shop.duckdb', which the connection 'shop' names");
    assertThat(root.resolve("none")).doesNotExist();
  }

  @Test
  void aSourceReadsNoOtherFile() throws SQLException {
    execute("CREATE TABLE t (id INTEGER)");
    assertThatThrownBy(
            () -> reading.columns(Map.of("query", "SELECT * FROM read_text('/etc/hosts')")))
        .hasMessageContaining("disabled");
  }
}
