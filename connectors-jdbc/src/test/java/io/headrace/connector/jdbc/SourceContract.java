package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reading must do with every system. */
abstract class SourceContract {
  @TempDir Path root;
  Reading reading = new Reading(Path.of(""), Map.of(), Map.of());

  /** A connection that may write, to a database without tables. */
  abstract Connection admin() throws SQLException;

  /** A new database, and how it is reached. */
  abstract Reading newDatabase() throws Exception;

  /** The types of the system for text, bytes and times with microseconds. */
  abstract String textType();

  abstract String bytesType();

  abstract String timestampType();

  /** A query without end, or long, that has rows. */
  abstract String endless();

  /** The same without rows before a minute has passed. */
  abstract String silent();

  abstract boolean allowsNul();

  abstract String quoted(String name);

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

  private void insert(String table, List<? extends @Nullable Object> values) throws SQLException {
    try (Connection connection = admin();
        PreparedStatement statement =
            connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?)")) {
      for (int i = 0; i < values.size(); i++) {
        statement.setInt(1, i);
        Object value = values.get(i);
        statement.setObject(2, value);
        statement.executeUpdate();
      }
    }
  }

  private static Object[] column(List<List<Object>> rows, int index) {
    return rows.stream().map(row -> row.get(index)).toArray();
  }

  @Test
  void keepsEveryText() throws SQLException {
    List<@Nullable String> texts = new ArrayList<>();
    texts.addAll(
        Arrays.asList(
            null,
            "",
            " ",
            "a",
            "\"",
            "\"\"",
            "a\"b",
            ",",
            "a,b",
            "\n",
            "\r",
            "\r\n",
            "a\nb\r\nc\r",
            "NULL",
            "null",
            "\\N",
            "\\.",
            "\\",
            "'",
            "\t",
            "1,\"2\"\n3,4",
            "é",
            "漢字",
            "🎉",
            "\u0001\u001f\u007f",
            "\uFEFF",
            "\u2028",
            "# no comment",
            "x".repeat(3_000_000)));
    if (allowsNul()) {
      texts.add("a\0b");
      texts.add("\0");
    }
    execute("CREATE TABLE texts (id INTEGER, t %s)".formatted(textType()));
    insert("texts", texts);
    try (Source source = reading.open(Map.of("table", "texts"))) {
      List<List<Object>> rows = reading.rows(reading.stage(source, List.of(), List.of()));
      assertThat(column(rows, 1)).containsExactlyElementsOf(texts);
    }
    try (Source source = reading.open(Map.of("query", "SELECT t FROM texts"))) {
      List<List<Object>> rows = reading.rows(reading.stage(source, List.of(), List.of()));
      assertThat(column(rows, 0)).containsExactlyElementsOf(texts);
    }
  }

  @Test
  void keepsEveryByte() throws SQLException {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    execute("CREATE TABLE bytes (id INTEGER, b %s)".formatted(bytesType()));
    insert("bytes", Arrays.asList(all, new byte[0], null, new byte[] {'\\', 'x', '4', '1'}));
    assertThat(reading.columns(Map.of("table", "bytes"))).last().isEqualTo("b BLOB");
    try (Source source = reading.open(Map.of("table", "bytes"))) {
      List<List<Object>> rows = reading.rows(reading.stage(source, List.of(), List.of()));
      assertThat(column(rows, 1))
          .containsExactly(all, new byte[0], null, new byte[] {'\\', 'x', '4', '1'});
    }
  }

  @Test
  void readsNamesThatAreNoWords() throws SQLException {
    String column = quoted("a, \"b\"; `c`");
    execute(
        "CREATE TABLE %s (%s INTEGER)".formatted(quoted("my table's"), column),
        "INSERT INTO %s VALUES (7)".formatted(quoted("my table's")));
    Map<String, String> settings = Map.of("table", "my table's", "cursor", "a, \"b\"; `c`");
    try (Source source = reading.open(settings)) {
      assertThat(reading.rows(source, List.of(), source.positions())).containsExactly("7");
    }
  }

  @Test
  void readsOnlyWhatIsBehindAPosition() throws SQLException {
    execute(
        "CREATE TABLE orders (id BIGINT, note %s)".formatted(textType()),
        "INSERT INTO orders VALUES (9, 'a'), (10, 'b')");
    try (Source source = reading.open(Map.of("table", "orders", "cursor", "id"))) {
      List<Position> first = source.positions();
      assertThat(first).containsExactly(new Position("orders", "10"));
      execute("INSERT INTO orders VALUES (9007199254740993, 'c')");
      assertThat(reading.rows(source, List.of(), first)).containsExactly("9 | a", "10 | b");
      List<Position> second = source.positions();
      assertThat(second).containsExactly(new Position("orders", "9007199254740993"));
      execute("INSERT INTO orders VALUES (9007199254740994, 'd')");
      assertThat(reading.rows(source, first, second)).containsExactly("9007199254740993 | c");
      assertThat(reading.rows(source, second, second)).isEmpty();
      assertThat(reading.rows(source, second, source.positions()))
          .containsExactly("9007199254740994 | d");
    }
  }

  @Test
  void comparesTimesByTheMicrosecond() throws SQLException {
    execute(
        "CREATE TABLE events (at %s)".formatted(timestampType()),
        "INSERT INTO events VALUES ('2026-01-31 12:00:00.123456'), ('2026-01-31 12:00:00.123457')");
    try (Source source = reading.open(Map.of("table", "events", "cursor", "at"))) {
      Position last = source.positions().get(0);
      assertThat(last.value()).matches("2026-01-31[T ]12:00:00.123457");
      Position before = new Position("events", last.value().replace("457", "456"));
      assertThat(reading.rows(source, List.of(before), List.of(last)))
          .containsExactly("2026-01-31T12:00:00.123457");
      assertThat(reading.rows(source, List.of(), List.of(before)))
          .containsExactly("2026-01-31T12:00:00.123456");
    }
  }

  @Test
  void comparesTextByItsCodes() throws SQLException {
    execute(
        "CREATE TABLE words (w %s)".formatted(textType()),
        "INSERT INTO words VALUES ('B'), ('a'), ('A '), ('A'), ('it''s'), ('é')");
    try (Source source = reading.open(Map.of("table", "words", "cursor", "w"))) {
      assertThat(source.positions()).containsExactly(new Position("words", "é"));
      Position b = new Position("words", "A");
      Position its = new Position("words", "it's");
      assertThat(reading.rows(source, List.of(b), List.of(its)))
          .containsExactlyInAnyOrder("A ", "B", "a", "it's");
    }
  }

  @Test
  void refusesTextThatIsNumbersAsACursor() throws SQLException {
    execute(
        "CREATE TABLE codes (c %s)".formatted(textType()),
        "INSERT INTO codes VALUES ('9'), ('10')");
    try (Source source = reading.open(Map.of("table", "codes", "cursor", "c"))) {
      assertThatThrownBy(source::positions)
          .hasMessageContaining("Column 'c'")
          .hasMessageContaining("'9'");
    }
  }

  @Test
  void refusesACursorWithoutValues() throws SQLException {
    execute(
        "CREATE TABLE orders (id INTEGER, at %s)".formatted(timestampType()),
        "INSERT INTO orders VALUES (1, NULL), (2, '2026-01-01 00:00:00'), (3, NULL)");
    try (Source source = reading.open(Map.of("table", "orders", "cursor", "at"))) {
      assertThatThrownBy(source::positions)
          .hasMessage(
              "2 rows of 'orders' have no value in the cursor 'at', and would never be read");
    }
  }

  @Test
  void refusesACursorThatIsNotThereOrHasNoOrder() throws SQLException {
    execute("CREATE TABLE orders (updated_at %s, b %s)".formatted(timestampType(), bytesType()));
    assertThatThrownBy(() -> reading.open(Map.of("table", "orders", "cursor", "update_at")))
        .hasMessage("The cursor 'update_at' is no column of 'orders'")
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Did you mean 'updated_at'?");
    assertThatThrownBy(() -> reading.open(Map.of("table", "orders", "cursor", "b")))
        .hasMessageContaining("Column 'b' of 'orders' cannot be the cursor: its type is");
  }

  @Test
  void readsAnEmptyTable() throws SQLException {
    execute("CREATE TABLE orders (id BIGINT, note %s)".formatted(textType()));
    try (Source source = reading.open(Map.of("table", "orders", "cursor", "id"))) {
      assertThat(source.positions()).isEmpty();
      execute("INSERT INTO orders VALUES (1, 'later')");
      Staged staged = reading.stage(source, List.of(), List.of());
      assertThat(staged.files()).hasSize(1).allMatch(Files::isRegularFile);
      assertThat(reading.rows(staged)).isEmpty();
    }
  }

  @Test
  void readsAQuery() throws SQLException {
    execute(
        "CREATE TABLE orders (id BIGINT, note %s)".formatted(textType()),
        "INSERT INTO orders VALUES (1, 'a'), (2, 'b;')");
    String query = "SELECT id, note FROM orders WHERE note <> ';' -- all\n; -- the end";
    assertThat(reading.query(query)).containsExactly("1 | a", "2 | b;");
    try (Source source = reading.open(Map.of("query", query, "cursor", "id"))) {
      assertThat(source.positions()).containsExactly(new Position("query", "2"));
      List<Position> one = List.of(new Position("query", "1"));
      assertThat(reading.rows(source, one, source.positions())).containsExactly("2 | b;");
    }
  }

  @Test
  void namesTheNearestTable() throws SQLException {
    execute("CREATE TABLE orders (id INTEGER)");
    assertThatThrownBy(() -> reading.table("ordres"))
        .hasMessage("There is no table 'ordres' in the database 'shop'")
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Did you mean 'orders'?");
  }

  @Test
  void reportsAWrongQuery() throws SQLException {
    execute("CREATE TABLE orders (id INTEGER)");
    assertThatThrownBy(() -> reading.query("SELECT nope FROM orders"))
        .isInstanceOf(HeadraceException.class)
        .hasMessageStartingWith("Cannot read from the database 'shop': ")
        .hasMessageContaining("nope")
        .hasNoCause();
  }

  @Test
  void takesDeclaredTypes() throws SQLException {
    execute(
        "CREATE TABLE orders (id INTEGER, total %s)".formatted(textType()),
        "INSERT INTO orders VALUES (1, '12.50'), (2, NULL)");
    DeclaredColumn total = new DeclaredColumn("total", "DECIMAL(10, 2)");
    assertThat(reading.columns(Map.of("table", "orders"), total))
        .last()
        .isEqualTo("total DECIMAL(10, 2)");
    assertThat(reading.table("orders", total)).containsExactly("1 | 12.50", "2 | null");
    assertThatThrownBy(() -> reading.table("orders", new DeclaredColumn("totals", "DATE")))
        .hasMessage("'orders' has no column 'totals'");
  }

  @Test
  void refusesWhatADeclaredTypeCannotHold() throws SQLException {
    record Case(String value, String type) {}
    for (Case wrong :
        List.of(
            new Case("1.005", "DECIMAL(10, 2)"),
            new Case("1.5", "INTEGER"),
            new Case("2026-01-31 12:00:00", "DATE"),
            new Case("0044-03-15 BC", "DATE"),
            new Case("infinity", "TIMESTAMP"),
            new Case("2026-01-31 12:00:00+02", "TIMESTAMP"),
            new Case("2026-01-31 12:00:00.1234567", "TIMESTAMP"),
            new Case("24:00:00", "TIME"),
            new Case("1e400", "DOUBLE"))) {
      execute(
          "CREATE TABLE wrong (v %s)".formatted(textType()),
          "INSERT INTO wrong VALUES ('%s')".formatted(wrong.value()));
      assertThatThrownBy(() -> reading.table("wrong", new DeclaredColumn("v", wrong.type())))
          .hasMessage(
              "Column 'v' has the value '%s', which is not exactly a value of type %s"
                  .formatted(wrong.value(), wrong.type()));
      execute("DROP TABLE wrong");
    }
  }

  @Test
  void stopsWithinASecond() throws Exception {
    for (String query : List.of(endless(), silent())) {
      Instant start = Instant.now();
      try (Source source = reading.open(Map.of("query", query))) {
        // To open it is not to execute it.
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
        Cancellation cancel = new Cancellation();
        CompletableFuture<Instant> over =
            CompletableFuture.supplyAsync(() -> readUntilCancelled(source, cancel));
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(over).isNotDone();
        Instant requested = Instant.now();
        cancel.request("enough");
        Instant stopped = over.get(20, TimeUnit.SECONDS);
        assertThat(Duration.between(requested, stopped)).isLessThan(Duration.ofSeconds(1));
      }
    }
  }

  private Instant readUntilCancelled(Source source, Cancellation cancel) {
    try {
      Path folder = Files.createTempDirectory(root, "staged");
      assertThatThrownBy(() -> source.read(List.of(), List.of(), folder, cancel))
          .isInstanceOf(CancelledException.class)
          .hasMessage("enough");
      return Instant.now();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void cannotWrite() throws SQLException {
    execute("CREATE TABLE orders (id BIGINT)", "INSERT INTO orders VALUES (1)");
    assertThatThrownBy(() -> reading.query("DELETE FROM orders"))
        .isInstanceOf(HeadraceException.class);
    assertThat(reading.table("orders")).containsExactly("1");
  }
}
