package io.headrace.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * A table of PostgreSQL becomes a published table, against {@code COPY ... TO STDOUT} of the same
 * rows to a client that throws them away. The server is on the same cores.
 */
final class PostgresBenchmark {
  private static final int RUNS = 3;
  private static final int ROWS = 5_000_000;

  /** Half of the speed. */
  private static final double REACH = 2;

  private PostgresBenchmark() {}

  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setDataDirectory(folder.resolve("postgres"))
                .start();
        Connection connection = server.getPostgresDatabase().getConnection()) {
      fill(connection);
      Path project = folder.resolve("project");
      Files.createDirectories(project.resolve("tables"));
      Files.writeString(
          project.resolve("headrace.yaml"),
          "connections:\n  shop: {url: 'jdbc:postgresql://127.0.0.1:%d/postgres', user: postgres}\n"
              .formatted(server.getPort()));
      Files.writeString(project.resolve("tables/orders.yaml"), "database: shop\ntable: orders\n");
      List<Double> ratios = new ArrayList<>();
      long peak = 0;
      for (int i = 0; i <= RUNS; i++) {
        Path state = project.resolve(".headrace");
        if (Files.exists(state)) {
          FlightsBenchmark.delete(state);
        }
        double copy = copy(connection);
        Machine.Finished ours = machine.headrace("run", "--quiet", project.toString());
        peak = Math.max(peak, ours.peakMegabytes());
        if (i > 0) {
          ratios.add(ours.seconds() / copy);
        }
      }
      Machine.note("most memory", (double) peak, "MB");
      Machine.report("PostgreSQL, headrace / COPY", Machine.median(ratios), "x", REACH);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static void fill(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE orders AS
          SELECT i::BIGINT AS id, 'customer-' || i * 7919 %% 1000000 AS customer,
            TIMESTAMP '2026-01-01' + i * INTERVAL '1 second' AS ordered,
            (i * 7919 %% 100000 / 100.0)::NUMERIC(10, 2) AS amount, i %% 3 = 0 AS is_paid,
            'a note, with a comma of row ' || i AS note
          FROM generate_series(1::BIGINT, %d) AS t(i)"""
              .formatted(ROWS));
      statement.execute("VACUUM ANALYZE orders");
    }
  }

  private static double copy(Connection connection) throws SQLException, IOException {
    long began = System.nanoTime();
    long unused =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY orders TO STDOUT (FORMAT csv)", OutputStream.nullOutputStream());
    return (System.nanoTime() - began) / 1e9;
  }
}
