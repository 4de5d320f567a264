package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What delivering must do with every system. */
abstract class TargetContract {
  private static final String ORDERS =
      "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) t(id, note)";

  @TempDir Path root;
  Reading reading = new Reading(Path.of(""), Map.of(), Map.of());

  /** A connection to the database of the test. */
  abstract Connection admin() throws SQLException;

  /** A new database, and how it is reached by a user who may write. */
  abstract Reading newDatabase() throws Exception;

  /** The name between the quotes of the system. */
  abstract String quoted(String name);

  /** How the columns of {@link #everyType} are read, where the system's own types say less. */
  abstract DeclaredColumn[] declared();

  /** Every kind of value that the system has a place for. */
  abstract String everyType();

  @BeforeEach
  final void start() throws Exception {
    reading = newDatabase();
  }

  final void execute(String... statements) throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Optional<Long> deliver(String into, Delivery delivery) {
    try (Target target = reading.target(into)) {
      return target.deliver(delivery, Cancellation.never());
    }
  }

  private Optional<String> held(String into) {
    try (Target target = reading.target(into)) {
      return target.version();
    }
  }

  private List<String> rows(String table) {
    return reading.table(table).stream().sorted().toList();
  }

  private Delivery first(String sql, String... key) {
    return reading.delivery("v1", Optional.empty(), sql, key);
  }

  /** The change of {@code rows} as one of rows behind those that are there. */
  private Delivery append(String version, String before, String sql) {
    Delivery rows = reading.delivery(version, Optional.of(before), sql);
    return with(rows, new Delivery.Append(rows.change().rows()));
  }

  private static Delivery with(Delivery rows, Delivery.Change change) {
    return new Delivery(
        rows.version(), rows.before(), rows.at(), rows.columns(), rows.key(), change);
  }

  /** The same as one of the rows of some keys. */
  private Delivery update(String version, String before, String sql, String keys, String... key) {
    Delivery rows = reading.delivery(version, Optional.of(before), sql, key);
    Delivery gone = reading.delivery(version, Optional.of(before), keys, key);
    return with(rows, new Delivery.Update(gone.change().rows(), rows.change().rows()));
  }

  @Test
  void makesTheTableAndKnowsWhatItHolds() {
    assertThat(held("orders")).isEmpty();
    assertThat(deliver("orders", first(ORDERS))).contains(3L);
    assertThat(held("orders")).contains("v1");
    assertThat(rows("orders")).containsExactly("1 | a", "2 | b", "3 | null");
    assertThat(reading.table("headrace_exports"))
        .containsExactly("orders | v1 | 2026-01-31T12:00:00Z");
  }

  @Test
  void keepsEveryValue() {
    assertThat(deliver("every", first(everyType()))).isPresent();
    assertThat(reading.table("every", declared())).isEqualTo(reading.computed(everyType()));
  }

  @Test
  void keepsEveryText() {
    String sql =
        """
        SELECT unnest([NULL, '', ' ', 'a', '"', '""', 'a"b', ',', 'a,b', E'\\n', E'\\r\\n', E'a\\nb\\rc',
          'NULL', '\\N', '\\.', '\\', '''', E'\\t', E'1,"2"\\n3,4', 'é', '漢字', '🎉', chr(65279),
          repeat('x', 3000000)]) AS t""";
    assertThat(deliver("texts", first(sql))).contains(24L);
    assertThat(reading.table("texts")).isEqualTo(reading.computed(sql));
  }

  @Test
  void keepsEveryByte() {
    String sql =
        """
        SELECT 1 AS i, unhex(string_agg(printf('%02X', n), '' ORDER BY n)) AS b FROM range(256) t(n)
        UNION ALL SELECT 2, ''::BLOB UNION ALL SELECT 3, NULL
        ORDER BY i""";
    assertThat(deliver("bytes", first(sql))).contains(3L);
    assertThat(reading.table("bytes")).isEqualTo(reading.computed(sql));
  }

  @Test
  void takesNamesThatAreNoWords() {
    String sql = "SELECT 1 AS \"a, ;\"\"b\"\"`c`\", 2 AS \"select\"";
    Delivery delivery = first(sql, "select");
    assertThat(deliver("my table's", delivery)).contains(1L);
    assertThat(deliver("my table's", update("v2", "v1", sql, "SELECT 2 AS \"select\"", "select")))
        .contains(1L);
    assertThat(rows("my table's")).containsExactly("1 | 2");
  }

  @Test
  void swapKeepsWhatHangsOnTheTable() throws SQLException {
    Optional<Long> unused = deliver("orders", first(ORDERS));
    execute("CREATE VIEW notes AS SELECT note FROM orders WHERE id > 1");
    assertThat(
            deliver(
                "orders", reading.delivery("v2", Optional.of("v1"), "SELECT 7 AS id, 'z' AS note")))
        .contains(1L);
    assertThat(rows("orders")).containsExactly("7 | z");
    assertThat(rows("notes")).containsExactly("z");
    assertThat(held("orders")).contains("v2");
  }

  @Test
  void appendsRows() {
    Optional<Long> unused = deliver("orders", first(ORDERS));
    assertThat(deliver("orders", append("v2", "v1", "SELECT 3 AS id, NULL::VARCHAR AS note")))
        .contains(1L);
    assertThat(rows("orders")).containsExactly("1 | a", "2 | b", "3 | null", "3 | null");
  }

  @Test
  void replacesRowsByTheirKeys() {
    String sql = "SELECT unnest(['a', 'A', 'a ', 'é', 'e']) AS name, 1::DECIMAL(9, 2) AS n, 1 AS v";
    Optional<Long> unused = deliver("words", first(sql, "name", "n"));
    String rows = "SELECT 'A' AS name, 1::DECIMAL(9, 2) AS n, 2 AS v";
    String keys = "SELECT unnest(['A', 'e']) AS name, 1::DECIMAL(9, 2) AS n";
    assertThat(deliver("words", update("v2", "v1", rows, keys, "name", "n"))).contains(1L);
    assertThat(rows("words")).hasSize(4).anyMatch(row -> row.matches("A \\| 1(.00)? \\| 2"));
    assertThat(rows("words")).noneMatch(row -> row.startsWith("e "));
  }

  @Test
  void deliversNothingOverAnotherVersionThanThought() {
    Optional<Long> unused = deliver("orders", first(ORDERS));
    assertThat(deliver("orders", append("v3", "v2", ORDERS))).isEmpty();
    assertThat(deliver("orders", first(ORDERS))).isEmpty();
    assertThat(held("orders")).contains("v1");
    assertThat(rows("orders")).hasSize(3);
  }

  @Test
  void ofSeveralAtOnceOneComesFirst() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        String table = "race" + round;
        List<Callable<Optional<Long>>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          Delivery delivery =
              reading.delivery("v" + i, Optional.empty(), "SELECT %d AS n".formatted(i));
          all.add(() -> deliver(table, delivery));
        }
        int won = 0;
        for (Future<Optional<Long>> each : threads.invokeAll(all)) {
          won += each.get().isPresent() ? 1 : 0;
        }
        assertThat(won).as(table).isEqualTo(1);
        assertThat(rows(table)).containsExactly(held(table).orElseThrow().substring(1));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aDeliveryThatFailsChangesNothing() throws SQLException {
    Optional<Long> unused = deliver("orders", first("SELECT 1 AS id, 2 AS n"));
    execute("CREATE UNIQUE INDEX one ON orders (n)");
    Delivery twice =
        reading.delivery("v2", Optional.of("v1"), "SELECT unnest([3, 4]) AS id, 5 AS n");
    assertThatThrownBy(() -> deliver("orders", twice))
        .isInstanceOf(HeadraceException.class)
        .hasNoCause()
        .hasMessageStartingWith("Cannot deliver to the database 'shop': ")
        .hasMessageNotContaining("\n");
    assertThat(held("orders")).contains("v1");
    assertThat(rows("orders")).containsExactly("1 | 2");
    execute("DROP TABLE orders");
    assertThat(held("orders")).isEmpty();
    assertThat(deliver("orders", with(twice, twice.change()))).isEmpty();
  }

  @Test
  void aTableThatWasDroppedIsMadeAgain() throws SQLException {
    Optional<Long> unused = deliver("orders", first(ORDERS));
    execute("DROP TABLE orders");
    assertThat(held("orders")).isEmpty();
    assertThat(deliver("orders", first(ORDERS))).contains(3L);
    assertThat(rows("orders")).hasSize(3);
  }

  @Test
  void aVersionWithoutRowsIsDelivered() {
    Optional<Long> unused = deliver("orders", first(ORDERS));
    String none = ORDERS + " WHERE id > 9";
    assertThat(deliver("orders", reading.delivery("v2", Optional.of("v1"), none))).contains(0L);
    assertThat(rows("orders")).isEmpty();
    assertThat(held("orders")).contains("v2");
  }

  @Test
  void leavesRowsOfOthersAlone() throws SQLException {
    execute(
        "CREATE TABLE orders (id INTEGER, note VARCHAR(9))",
        "INSERT INTO orders VALUES (9, 'mine')");
    assertThatThrownBy(() -> deliver("orders", first(ORDERS)))
        .hasMessage(
            "Cannot deliver to 'orders': there are rows in it that no export has delivered");
    assertThat(rows("orders")).containsExactly("9 | mine");
    execute("DELETE FROM orders");
    assertThat(deliver("orders", first(ORDERS))).contains(3L);
    assertThat(rows("orders")).hasSize(3);
  }

  @Test
  void namesTheColumnsThatDiffer() throws SQLException {
    execute(
        "CREATE TABLE orders (id INTEGER, %s VARCHAR(9), total DECIMAL(5, 1), extra INTEGER)"
            .formatted(quoted("Note")));
    assertThatThrownBy(
            () ->
                deliver(
                    "orders",
                    first(
                        "SELECT 1 AS id, 'a' AS note, 1.25::DECIMAL(20, 2) AS total, 1.5::DOUBLE AS extra")))
        .isInstanceOf(HeadraceException.class)
        .hasMessageStartingWith("Cannot deliver to 'orders': it has no column 'note' (string); ")
        .hasMessageContaining("which does not hold every decimal(20, 2)");
    execute("ALTER TABLE orders RENAME COLUMN %s TO note".formatted(quoted("Note")));
    assertThat(deliver("orders", first(ORDERS))).contains(3L);
    assertThat(rows("orders")).first().isEqualTo("1 | a | null | null");
  }

  @Test
  void aCancelledDeliveryChangesNothing() {
    Optional<Long> unused = deliver("orders", first(ORDERS));
    Cancellation cancel = new Cancellation();
    cancel.request("enough");
    try (Target target = reading.target("orders")) {
      Delivery next = reading.delivery("v2", Optional.of("v1"), ORDERS);
      assertThatThrownBy(() -> target.deliver(next, cancel)).isInstanceOf(CancelledException.class);
      assertThat(target.version()).contains("v1");
      assertThat(target.deliver(next, Cancellation.never())).contains(3L);
    }
  }
}
