package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What is delivered to topics of a real broker. */
class TopicTargetTest extends OnBroker {
  private static final String ORDERS =
      "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) AS t(id, note)";

  private Optional<Long> deliver(String topic, Delivery delivery) {
    try (Target target = reading().target(topic)) {
      return target.deliver(delivery, Cancellation.never());
    }
  }

  private Optional<String> held(String topic) {
    try (Target target = reading().target(topic)) {
      return target.version();
    }
  }

  private Delivery first(String sql, String... key) {
    return reading().delivery("v1", Optional.empty(), sql, key);
  }

  private Delivery append(String version, String before, String sql) {
    Delivery rows = reading().delivery(version, Optional.of(before), sql);
    return with(rows, new Delivery.Append(rows.change().rows()));
  }

  private Delivery update(String version, String before, String sql, String keys, String... key) {
    Delivery rows = reading().delivery(version, Optional.of(before), sql, key);
    Delivery touched = reading().delivery(version, Optional.of(before), keys, key);
    return with(rows, new Delivery.Update(touched.change().rows(), rows.change().rows()));
  }

  private static Delivery with(Delivery rows, Delivery.Change change) {
    return new Delivery(
        rows.version(), rows.before(), rows.at(), rows.columns(), rows.key(), change);
  }

  /** Keys and values in the order in which they were written. */
  private List<String> messages(String topic) throws IOException {
    return reading().all(topic, "id INTEGER", "note VARCHAR").stream()
        .map(row -> row.replace(" | null | null", ""))
        .toList();
  }

  @Test
  void makesTheTopicAndKnowsWhatItHolds() throws IOException {
    assertThat(held("orders")).isEmpty();
    assertThat(deliver("orders", first(ORDERS, "id"))).contains(3L);
    assertThat(held("orders")).contains("v1");
    assertThat(messages("orders")).containsExactly("1 | 1 | a", "2 | 2 | b", "3 | 3 | null");
  }

  @Test
  void writesChangesByTheirKeysAndNothingOfThoseThatAreGone() throws IOException {
    Optional<Long> unused = deliver("changes", first(ORDERS, "id"));
    String rows = "SELECT 2 AS id, 'B' AS note UNION ALL SELECT 4, 'd' ORDER BY 1";
    assertThat(deliver("changes", update("v2", "v1", rows, "SELECT unnest([1, 2, 4]) AS id", "id")))
        .contains(3L);
    assertThat(messages("changes"))
        .containsExactly("1 | 1 | a", "2 | 2 | b", "3 | 3 | null", "1", "2 | 2 | B", "4 | 4 | d");
    assertThat(held("changes")).contains("v2");
  }

  @Test
  void severalColumnsMakeOneKey() throws IOException {
    String sql = "SELECT 7 AS id, 'x' AS note";
    assertThat(deliver("pairs", first(sql, "note", "id"))).contains(1L);
    assertThat(messages("pairs")).containsExactly("{\"note\":\"x\",\"id\":7} | 7 | x");
  }

  @Test
  void addsRowsWithoutAKey() throws IOException {
    Optional<Long> unused = deliver("events", first(ORDERS));
    assertThat(deliver("events", append("v2", "v1", "SELECT 3 AS id, 'c' AS note"))).contains(1L);
    assertThat(messages("events")).hasSize(4).last().isEqualTo("null | 3 | c");
  }

  @Test
  void aTopicThatIsReadHasTheSameValues() throws IOException {
    String sql =
        """
        SELECT true AS b, (-9223372036854775808)::BIGINT AS n, 12345678901234567.89::DECIMAL(38, 2) AS d,
          0.1::DOUBLE AS f, 1e300::DOUBLE AS g, '2026-01-31'::DATE AS day, '12:00:00.5'::TIME AS t,
          '2026-01-31 12:00:00.123456'::TIMESTAMP AS ts, '2026-01-31 12:00:00Z'::TIMESTAMPTZ AS tz,
          E'a"b\\n\\\\é🎉' AS s, {'a': [1, 2], 'b': 'x'} AS o
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL""";
    assertThat(deliver("types", first(sql))).contains(2L);
    assertThat(
            reading()
                .all(
                    "types",
                    "b BOOLEAN",
                    "n BIGINT",
                    "d DECIMAL(38,2)",
                    "f DOUBLE",
                    "g DOUBLE",
                    "day DATE",
                    "t TIME",
                    "ts TIMESTAMP",
                    "tz TIMESTAMPTZ",
                    "s VARCHAR",
                    "o VARCHAR"))
        .containsExactly(
            "null | true | -9223372036854775808 | 12345678901234567.89 | 0.1 | 1.0E300 | 2026-01-31"
                + " | 12:00:00.500 | 2026-01-31T12:00:00.123456 | 2026-01-31T12:00Z | a\"b\n\\é🎉"
                + " | {\"a\":[1,2],\"b\":\"x\"} | null | null",
            "null" + " | null".repeat(9) + " |  | null | null | null");
  }

  @Test
  void deliversNothingOverAnotherVersionThanThought() throws IOException {
    Optional<Long> unused = deliver("guarded", first(ORDERS));
    assertThat(deliver("guarded", append("v3", "v2", ORDERS))).isEmpty();
    assertThat(deliver("guarded", first(ORDERS))).isEmpty();
    assertThat(held("guarded")).contains("v1");
    assertThat(messages("guarded")).hasSize(3);
  }

  @Test
  void ofSeveralAtOnceOneComesFirst() throws Exception {
    List<Callable<Optional<Long>>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Delivery delivery =
          reading().delivery("v" + i, Optional.empty(), "SELECT %d AS id, '' AS note".formatted(i));
      all.add(() -> deliver("race", delivery));
    }
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    int won = 0;
    try {
      for (Future<Optional<Long>> each : threads.invokeAll(all)) {
        won += each.get().isPresent() ? 1 : 0;
      }
    } finally {
      threads.shutdown();
    }
    assertThat(won).isLessThanOrEqualTo(1);
    assertThat(messages("race")).hasSize(won);
    assertThat(held("race"))
        .isEqualTo(messages("race").stream().findFirst().map(row -> "v" + row.charAt(7)));
  }

  @Test
  void whatADeadDeliveryHasBegunIsGivenUp() throws Exception {
    Optional<Long> unused = deliver("begun", first(ORDERS));
    KafkaProducer<byte[], byte[]> dead =
        broker().producer(Map.of("transactional.id", "headrace-exports-begun"));
    dead.initTransactions();
    dead.beginTransaction();
    dead.send(TestBroker.message("begun", 0, "{\"id\": 9}")).get();
    byte[] note = "{\"version\": \"v9\"}".getBytes(StandardCharsets.UTF_8);
    dead.send(new ProducerRecord<>("headrace-exports-begun", note, note)).get();
    assertThat(held("begun")).contains("v1");
    assertThat(deliver("begun", append("v2", "v1", "SELECT 4 AS id, 'd' AS note"))).contains(1L);
    assertThatThrownBy(dead::commitTransaction).isInstanceOf(RuntimeException.class);
    dead.close();
    assertThat(messages("begun")).hasSize(4).noneMatch(row -> row.contains("9"));
  }

  @Test
  void aTopicThatWasMadeAgainHoldsNothing() throws Exception {
    Optional<Long> unused = deliver("again", first(ORDERS));
    broker().delete("again");
    assertThat(held("again")).isEmpty();
    broker().topic("again", 1, Map.of());
    assertThat(held("again")).isEmpty();
    assertThat(deliver("again", first(ORDERS))).contains(3L);
    assertThat(messages("again")).hasSize(3);
  }

  @Test
  void otherKeysNeedAnotherTopic() {
    Optional<Long> unused = deliver("rekeyed", first(ORDERS, "id"));
    assertThatThrownBy(
            () -> deliver("rekeyed", update("v2", "v1", ORDERS, "SELECT 'a' AS note", "note")))
        .hasMessage(
            "Cannot deliver to 'rekeyed': the keys of its messages are made of `id`, and not of"
                + " `note`");
    assertThat(held("rekeyed")).contains("v1");
  }

  @Test
  void aRowThatIsTooLargeLeavesNothing() throws IOException {
    Optional<Long> unused = deliver("large", first(ORDERS));
    // Random, for what is sent is compressed.
    String sql = "SELECT 4 AS id, string_agg(md5(range::VARCHAR), '') AS note FROM range(100000)";
    assertThatThrownBy(() -> deliver("large", append("v2", "v1", sql)))
        .isInstanceOf(HeadraceException.class)
        .hasMessageStartingWith("Cannot deliver to 'events': ");
    assertThat(held("large")).contains("v1");
    assertThat(messages("large")).hasSize(3);
    assertThat(deliver("large", append("v2", "v1", "SELECT 4 AS id, '' AS note"))).contains(1L);
  }

  @Test
  void aCancelledDeliveryLeavesNothing() throws IOException {
    Cancellation cancel = new Cancellation();
    cancel.request("enough");
    try (Target target = reading().target("cancelled")) {
      Delivery delivery = first(ORDERS);
      assertThatThrownBy(() -> target.deliver(delivery, cancel))
          .isInstanceOf(CancelledException.class);
      assertThat(target.version()).isEmpty();
      assertThat(target.deliver(delivery, Cancellation.never())).contains(3L);
    }
    assertThat(messages("cancelled")).hasSize(3);
  }
}
