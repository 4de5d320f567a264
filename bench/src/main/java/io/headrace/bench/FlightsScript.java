package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What somebody would write without Headrace: the queries of {@code examples/flights} one after the
 * other in one DuckDB, each written as a Parquet file that the next ones read. The same
 * compression, no checks, no syncs.
 */
final class FlightsScript {
  private static final List<String> QUERIES =
      List.of(
          "daily_delays",
          "monthly_delays",
          "routes",
          "hours",
          "marts/busiest_hours",
          "marts/airport_ranking",
          "marts/busiest_airports");

  private FlightsScript() {}

  public static void main(String[] args) throws SQLException, IOException {
    Path project = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Files.createDirectories(target.resolve("marts"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA marts");
      make(statement, target, "flights", "SELECT * FROM '%s/data/*.parquet'".formatted(project));
      make(
          statement,
          target,
          "airports",
          "SELECT * FROM '%s/tables/airports.csv'".formatted(project));
      for (String name : QUERIES) {
        String sql = Files.readString(project.resolve("tables/" + name + ".sql"));
        make(statement, target, name, sql.replace("$late_minutes", "15"));
      }
    }
  }

  private static void make(Statement statement, Path target, String name, String sql)
      throws SQLException {
    Path file = target.resolve(name + ".parquet");
    statement.execute(
        "COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
            .formatted(sql, file));
    statement.execute(
        "CREATE VIEW %s AS SELECT * FROM '%s'".formatted(name.replace('/', '.'), file));
  }
}
