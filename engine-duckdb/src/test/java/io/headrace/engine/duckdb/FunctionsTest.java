package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.duckdb.Functions.TableFunction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;

/** Compares what is written down of DuckDB with DuckDB. */
class FunctionsTest {

  @Test
  void everyFunctionThatDuckDbCallsVolatileIsKnownToBe() throws SQLException {
    Set<String> missing =
        query(
            "SELECT DISTINCT function_name FROM duckdb_functions()"
                + " WHERE function_type = 'scalar' AND stability <> 'CONSISTENT'");
    missing.removeIf(name -> !Functions.volatility(name, 1).isEmpty());
    // Returns no value, so none that could differ.
    assertThat(missing).containsExactly("error");
  }

  @Test
  void everyMacroOverAVolatileFunctionIsKnownToBe() throws SQLException {
    Set<String> missing =
        query(
            """
            SELECT DISTINCT function_name FROM duckdb_functions()
            WHERE function_type = 'macro' AND (regexp_matches(macro_definition,
              '(now|random|today|sleep_ms|setting|uuid|current_[a-z]+|duckdb_[a-z]+)"?\\s*\\(')
              OR regexp_matches(macro_definition, 'current_timestamp|current_date|current_user'))
            """);
    missing.removeIf(name -> !Functions.volatility(name, 1).isEmpty());
    assertThat(missing).isEmpty();
  }

  @Test
  void everyTableFunctionIsKnownOrUnidentified() throws SQLException {
    Set<String> unknown =
        query(
            "SELECT DISTINCT function_name FROM duckdb_functions()"
                + " WHERE function_type IN ('table', 'table_macro')");
    unknown.removeIf(name -> Functions.tableFunction(name) != TableFunction.UNKNOWN);
    assertThat(unknown)
        .containsExactly(
            "arrow_scan",
            "arrow_scan_dumb",
            "icu_calendar_names",
            "pg_timezone_names",
            "summary",
            "test_all_types",
            "test_vector_types");
  }

  @Test
  void everyViewOfTheEnginesOwnIsKnown() throws SQLException {
    Set<String> unknown =
        query("SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE internal");
    unknown.removeIf(
        view -> {
          int dot = view.indexOf('.');
          String schema = view.substring(0, dot);
          return Functions.isCatalogTable(
              schema.equals("main") ? "" : schema, view.substring(dot + 1));
        });
    assertThat(unknown).isEmpty();
  }

  @Test
  void theVersionIsThatOfTheLibrary() throws SQLException {
    assertThat(query("SELECT version()")).containsExactly("v" + DuckDbProvider.DUCKDB_VERSION);
  }

  private static Set<String> query(String sql) throws SQLException {
    Set<String> result = new TreeSet<>();
    try (var connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        result.add(rows.getString(1));
      }
    }
    return result;
  }
}
