package io.headrace.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A process that executes its arguments, which are statements of DuckDB. */
final class DuckDbScript {
  private DuckDbScript() {}

  public static void main(String[] args) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : args) {
        statement.execute(sql);
      }
    }
  }
}
