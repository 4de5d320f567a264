package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqliteTargetTest extends TargetContract {
  @Override
  Connection admin() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + root.resolve("shop.db"));
  }

  @Override
  Reading newDatabase() throws Exception {
    execute("CREATE TABLE other (id INTEGER)");
    return new Reading(root, Map.of("url", "jdbc:sqlite:shop.db?busy_timeout=5000"), Map.of());
  }

  @Override
  String quoted(String name) {
    return '"' + name + '"';
  }

  @Override
  String everyType() {
    return """
    SELECT true AS b, (-2147483648)::INT AS i, 9223372036854775807::BIGINT AS l, 0.1::FLOAT AS f,
      '-inf'::DOUBLE AS d, 12.50::DECIMAL(10, 2) AS n,
      -1234567890123456789012345678.0123456789::DECIMAL(38, 10) AS big, DATE '0001-01-01' AS day,
      TIME '23:59:59.999999' AS ti, TIMESTAMP '9999-12-31 23:59:59.999999' AS ts,
      TIMESTAMPTZ '2026-01-31 12:00:00.1+02' AS tz,
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS u, '["a",null]' AS li
    UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL""";
  }

  @Override
  DeclaredColumn[] declared() {
    return new DeclaredColumn[] {
      new DeclaredColumn("i", "INTEGER"),
      new DeclaredColumn("f", "FLOAT"),
      new DeclaredColumn("big", "DECIMAL(38, 10)"),
      new DeclaredColumn("u", "UUID")
    };
  }

  @Test
  void refusesWhatItHasNoValueFor() {
    try (Target target = reading.target("t")) {
      assertThatThrownBy(
              () ->
                  target.deliver(
                      reading.delivery("v1", Optional.empty(), "SELECT 'nan'::DOUBLE AS x"),
                      Cancellation.never()))
          .hasMessage("Column 'x' has the value 'nan', which the database has no value for");
      assertThat(target.version()).isEmpty();
    }
  }

  @Test
  void neverMakesAFile() {
    Reading none = new Reading(root, Map.of("url", "jdbc:sqlite:none.db"), Map.of());
    assertThatThrownBy(() -> none.target("t"))
        .hasMessage("There is no file 'none.db', which the connection 'shop' names");
    assertThat(root.resolve("none.db")).doesNotExist();
  }
}
