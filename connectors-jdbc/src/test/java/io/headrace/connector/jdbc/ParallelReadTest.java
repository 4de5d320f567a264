package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several connections read what one would, in one state. */
@SuppressWarnings("NullAway.Init")
class ParallelReadTest {
  private static EmbeddedPostgres server;

  @TempDir Path root;
  private Reading reading;

  @BeforeAll
  static void startServer() throws IOException {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    reading = new Reading(root, Map.of("url", url(), "user", "postgres"), Map.of());
    execute("DROP TABLE IF EXISTS orders");
  }

  private static String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.getPort());
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), "postgres", "");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static Map<String, String> parallel(String by, int parts) {
    return Map.of("table", "orders", "parallel_by", by, "parallel_parts", Integer.toString(parts));
  }

  private void requireSameRows(String by) {
    DeclaredColumn asText = new DeclaredColumn("k", "VARCHAR");
    List<String> alone = reading.table("orders", asText);
    for (int parts : new int[] {2, 3, 7}) {
      assertThat(reading.all(parallel(by, parts), asText))
          .as("%s in %d parts", by, parts)
          .containsExactlyInAnyOrderElementsOf(alone);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(i * 7919 % 1000)::int",
        "i::bigint * 4000000000000000 - 4000000000000000000",
        "CASE WHEN i % 10 = 0 THEN 'NaN'::numeric ELSE i / 7.0 END",
        "CASE i WHEN 1 THEN 'NaN'::numeric ELSE i / 7.0 END - 5",
        "date '1600-02-29' + i * 100",
        "CASE i % 5 WHEN 0 THEN 'infinity'::date WHEN 1 THEN '-infinity'::date ELSE date '2026-01-01' + i END",
        "timestamp '1969-12-31 23:59:59.999999' + i * interval '1 microsecond'",
        "timestamptz '2026-03-29 01:59:00+01' + i * interval '1 minute'",
        "17"
      })
  void eachRowIsReadOnce(String key) throws SQLException {
    execute(
        "CREATE TABLE orders AS SELECT i, CASE WHEN i %% 13 = 0 THEN NULL ELSE %s END AS k FROM generate_series(1, 2000) AS t(i)"
            .formatted(key));
    requireSameRows("k");
    execute("UPDATE orders SET k = NULL");
    requireSameRows("k");
    execute("DELETE FROM orders");
    requireSameRows("k");
  }

  @Test
  void rowsBehindACursorAreDividedToo() throws SQLException {
    execute(
        "CREATE TABLE orders AS SELECT i, i % 100 AS k FROM generate_series(1, 2000) AS t(i)",
        "INSERT INTO orders VALUES (1500, NULL), (500, NULL)");
    Map<String, String> settings =
        Map.of("table", "orders", "cursor", "i", "parallel_by", "k", "parallel_parts", "4");
    List<Position> after = List.of(new Position("orders", "1000"));
    List<Position> upTo = List.of(new Position("orders", "1900"));
    try (Source alone = reading.open(Map.of("table", "orders", "cursor", "i"));
        Source several = reading.open(settings)) {
      List<String> rows = reading.rows(alone, after, upTo);
      assertThat(rows).hasSize(901);
      assertThat(reading.rows(several, after, upTo)).containsExactlyInAnyOrderElementsOf(rows);
    }
  }

  @Test
  void allPartsSeeOneState() throws Exception {
    execute(
        "CREATE TABLE orders AS SELECT i AS k, 1 AS amount FROM generate_series(0, 9999) AS t(i)");
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              // What one part loses another one wins.
              for (int i = 0; !over.get(); i++) {
                try {
                  execute(
                      "BEGIN; UPDATE orders SET amount = amount - 1 WHERE k = %d; UPDATE orders SET amount = amount + 1 WHERE k = %d; COMMIT"
                          .formatted(i % 5000, 9999 - i % 5000));
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    try {
      for (int i = 0; i < 10; i++) {
        long sum =
            reading.all(parallel("k", 4)).stream()
                .mapToLong(row -> Long.parseLong(row.substring(row.indexOf("| ") + 2)))
                .sum();
        assertThat(sum).isEqualTo(10_000);
      }
    } finally {
      over.set(true);
      writer.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPartThatFailsFailsAll() throws SQLException {
    execute(
        "CREATE TABLE orders AS SELECT i AS k, CASE i WHEN 1999 THEN 'x' ELSE '1' END AS n FROM generate_series(1, 2000) AS t(i)");
    assertThatThrownBy(() -> reading.all(parallel("k", 4), new DeclaredColumn("n", "INTEGER")))
        .isInstanceOf(HeadraceException.class)
        .isNotInstanceOf(CancelledException.class)
        .hasMessageContaining("Column 'n' has the value 'x'");
    assertThat(connections()).isEqualTo(1);
  }

  private static int connections() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres' AND state <> 'idle'")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void itCanBeCancelled() throws Exception {
    Path folder = Files.createDirectory(root.resolve("rows"));
    Map<String, String> settings =
        Map.of(
            "query",
            "SELECT k, n FROM (VALUES (1, 1), (1000, 2)) AS v(k, n), generate_series(1, 50000000)",
            "parallel_by",
            "k",
            "parallel_parts",
            "3");
    Cancellation.Child cancel = Cancellation.never().child();
    try (Source source = reading.open(settings)) {
      CompletableFuture<Void> read =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(
                          () -> source.read(List.of(), List.of(), folder, cancel.cancellation()))
                      .isInstanceOf(CancelledException.class));
      TimeUnit.MILLISECONDS.sleep(300);
      cancel.cancellation().request("stopped");
      assertThat(read).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatHasNoRangesIsRefused() throws SQLException {
    execute("CREATE TABLE orders (k INTEGER, name TEXT, share DOUBLE PRECISION)");
    assertThatThrownBy(() -> reading.all(parallel("kk", 4)))
        .hasMessage("'kk' of `parallel` is no column of 'orders'");
    for (String column : new String[] {"name", "share"}) {
      assertThatThrownBy(() -> reading.all(parallel(column, 4)))
          .hasMessageStartingWith(
              "Column '%s' of 'orders' cannot divide the rows".formatted(column));
    }
  }

  @Test
  void aSystemThatSharesNoStateIsReadByOneConnection() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:" + root.resolve("shop"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE \"orders\" (\"k\" INTEGER)");
    }
    Reading other = new Reading(root, Map.of("url", "jdbc:h2:" + root.resolve("shop")), Map.of());
    assertThatThrownBy(() -> other.all(parallel("k", 4)))
        .hasMessageContaining("cannot show one state of itself to several connections")
        .extracting(e -> ((HeadraceException) e).hint())
        .asString()
        .contains("Take `parallel` out");
  }
}
