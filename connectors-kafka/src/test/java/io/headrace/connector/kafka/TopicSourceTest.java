package io.headrace.connector.kafka;

import static io.headrace.connector.kafka.TopicPositionsTest.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.RowsGoneException;
import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which messages are read, on a real broker. */
class TopicSourceTest extends OnBroker {
  @Test
  @Timeout(60)
  void aQuestionThatIsCancelledEndsAtOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Source source = new Reading(root, "127.0.0.1:" + silent.getLocalPort()).text("nothing")) {
      Cancellation cancel = new Cancellation();
      CompletableFuture<Void> later =
          CompletableFuture.runAsync(
              () -> cancel.request("enough"),
              CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
      long began = System.nanoTime();
      assertThatThrownBy(() -> source.positions(List.of(), false, cancel))
          .isInstanceOf(CancelledException.class);
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
      later.join();
    }
  }

  @Test
  void readsExactlyTheOffsetsBetweenPositions() throws Exception {
    broker().topic("ranges", 2, Map.of());
    broker().send("ranges", 0, "a", "b");
    broker().send("ranges", 1, "x");
    try (Source source = reading().text("ranges")) {
      List<Position> first = source.positions();
      assertThat(values(first)).containsExactly("ranges/0 from 0 to 2", "ranges/1 from 0 to 1");
      broker().send("ranges", 0, "c", "d");
      List<Position> second = source.positions(first, false, Cancellation.never());
      broker().send("ranges", 0, "e");
      assertThat(reading().messages(source, List.of(), first))
          .containsExactly("0/0 a", "0/1 b", "1/0 x");
      assertThat(reading().messages(source, first, second)).containsExactly("0/2 c", "0/3 d");
      assertThat(reading().messages(source, second, second)).isEmpty();
      assertThat(source.columns().stream().map(c -> c.name() + " " + c.type()))
          .containsExactly(
              "partition INTEGER",
              "offset BIGINT",
              "timestamp TIMESTAMPTZ",
              "key VARCHAR",
              "headers VARCHAR",
              "value VARCHAR",
              "(topic) VARCHAR",
              "(raw) VARCHAR",
              "(error) VARCHAR");
    }
  }

  @Test
  void goodMessagesAreKeptAsTheyWereIfRulesMayRejectThem() throws Exception {
    broker().topic("kept", 1, Map.of());
    broker().send("kept", 0, "{\"a\": 1}", "{\"a\": \"x\"}");
    try (Source source = reading().open("kept", Map.of("raw", "kept"), "a BIGINT")) {
      assertThat(
              reading().rows(source, List.of(), source.positions()).stream()
                  .map(row -> row.subList(5, row.size()).toString()))
          .containsExactly(
              "[1, kept, {\"a\": 1}, null]",
              "[null, kept, {\"a\": \"x\"}, field 'a': 'x' is not exactly a value of type BIGINT]");
    }
  }

  @Test
  void messagesOfTransactionsThatWereGivenUpAreNotRead() throws Exception {
    broker().topic("transactions", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
            broker().producer(Map.of("transactional.id", "test"));
        Source source = reading().text("transactions")) {
      producer.initTransactions();
      transaction(producer, true, "a", "b");
      transaction(producer, false, "no");
      transaction(producer, true, "c");
      // Each transaction has a marker at its end.
      List<Position> first = reaching("transactions/0 from 0 to 7", source::positions);
      assertThat(reading().messages(source, List.of(), first))
          .containsExactly("0/0 a", "0/1 b", "0/5 c");
      producer.beginTransaction();
      producer.send(TestBroker.message("transactions", 0, "open")).get();
      assertThat(source.positions(first, false, Cancellation.never())).isEqualTo(first);
      producer.abortTransaction();
      List<Position> second =
          reaching(
              "transactions/0 from 0 to 9",
              () -> source.positions(first, false, Cancellation.never()));
      assertThat(reading().messages(source, first, second)).isEmpty();
    }
  }

  /** Markers are there a while after the producer is told that its transaction is over. */
  private static List<Position> reaching(String place, Supplier<List<Position>> positions)
      throws InterruptedException {
    List<Position> reached = positions.get();
    for (int look = 0; look < 100 && !values(reached).equals(List.of(place)); look++) {
      Thread.sleep(50);
      reached = positions.get();
    }
    assertThat(values(reached)).containsExactly(place);
    return reached;
  }

  private static void transaction(
      KafkaProducer<byte[], byte[]> producer, boolean commit, String... values) throws Exception {
    producer.beginTransaction();
    for (String value : values) {
      producer.send(TestBroker.message("transactions", 0, value)).get();
    }
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  @Test
  void passesTheGapsOfACompactedTopic() throws Exception {
    broker()
        .topic(
            "compacted",
            1,
            Map.of(
                "cleanup.policy", "compact",
                "segment.ms", "100",
                "min.cleanable.dirty.ratio", "0.001",
                "max.compaction.lag.ms", "100"));
    byte[] key = {'k'};
    for (int i = 0; i < 20; i++) {
      broker()
          .send("compacted", 0, key, Integer.toString(i).getBytes(StandardCharsets.UTF_8), null);
      Thread.sleep(10);
    }
    try (Source source = reading().text("compacted")) {
      List<Position> upTo = source.positions();
      assertThat(values(upTo)).containsExactly("compacted/0 from 0 to 20");
      List<String> read = reading().messages(source, List.of(), upTo);
      for (int i = 0; read.size() > 10 && i < 150; i++) {
        Thread.sleep(200);
        // Something new closes the segment before it, which may be cleaned then.
        broker().send("compacted", 0, key, new byte[] {'n'}, null);
        read = reading().messages(source, List.of(), upTo);
      }
      assertThat(read).hasSizeLessThanOrEqualTo(10);
      assertThat(values(source.positions(upTo, false, Cancellation.never())).get(0))
          .startsWith("compacted/0 from 0 to ");
    }
  }

  @Test
  void saysWhichMessagesAreGone() throws Exception {
    broker().topic("cut", 1, Map.of());
    broker().send("cut", 0, "a", "b", "c", "d", "e");
    try (Source source = reading().text("cut")) {
      List<Position> all = source.positions();
      List<Position> two = List.of(new Position(all.get(0).part(), "2"));
      broker().truncate("cut", 0, 2);
      assertThat(reading().messages(source, two, all)).containsExactly("0/2 c", "0/3 d", "0/4 e");
      broker().truncate("cut", 0, 4);
      assertThatThrownBy(
              () ->
                  reading()
                      .messages(source, two, source.positions(two, false, Cancellation.never())))
          .isInstanceOf(RowsGoneException.class)
          .hasMessageContaining("Offsets 2 to 3 of partition 0 of the topic 'cut' are gone");
      assertThatThrownBy(() -> reading().messages(source, List.of(), all))
          .hasMessageContaining("Offsets 0 to 3 of partition 0 of the topic 'cut' are gone");
      // Only who asks for that gets less.
      List<Position> afresh = source.positions(two, true, Cancellation.never());
      assertThat(values(afresh)).containsExactly("cut/0 from 4 to 5");
      assertThat(Position.onlyGrew(two, afresh)).isFalse();
      assertThat(reading().messages(source, List.of(), afresh)).containsExactly("0/4 e");
    }
  }

  @Test
  void aTopicThatWasMadeAgainIsAnotherOne() throws Exception {
    broker().topic("again", 1, Map.of());
    broker().send("again", 0, "a");
    List<Position> first;
    try (Source source = reading().text("again")) {
      first = source.positions();
    }
    broker().delete("again");
    broker().topic("again", 1, Map.of());
    broker().send("again", 0, "b", "c");
    try (Source source = reading().text("again")) {
      assertThatThrownBy(() -> source.positions(first, false, Cancellation.never()))
          .isInstanceOf(RowsGoneException.class)
          .hasMessageContaining("deleted and made again");
      assertThatThrownBy(() -> reading().messages(source, List.of(), first))
          .isInstanceOf(RowsGoneException.class);
      List<Position> afresh = source.positions(first, true, Cancellation.never());
      assertThat(reading().messages(source, List.of(), afresh)).containsExactly("0/0 b", "0/1 c");
    }
  }

  @Test
  void readsOnAfterTheBrokerWasKilled() throws Exception {
    broker().topic("killed", 1, Map.of());
    broker().send("killed", 0, "a");
    List<Position> first;
    try (Source source = reading().text("killed")) {
      first = source.positions();
      assertThat(reading().messages(source, List.of(), first)).containsExactly("0/0 a");
    }
    broker().kill();
    long began = System.nanoTime();
    try (Source source = reading().text("killed")) {
      assertThatThrownBy(source::positions)
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("no broker answers at 127.0.0.1:")
          .satisfies(e -> assertThat(((HeadraceException) e).hint()).contains("Is Kafka running"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    broker().restart();
    broker().send("killed", 0, "b");
    try (Source source = reading().text("killed")) {
      assertThat(
              reading()
                  .messages(source, first, source.positions(first, false, Cancellation.never())))
          .containsExactly("0/1 b");
    }
  }

  @Test
  void stopsWithinASecondWhenItIsCancelled() throws Exception {
    broker().topic("long", 1, Map.of());
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      values.add("m" + i);
    }
    broker().send("long", 0, values.toArray(String[]::new));
    try (Source source = reading().text("long")) {
      // A position that the topic never reaches: it would wait, and ask, and wait.
      List<Position> far = List.of(new Position(source.positions().get(0).part(), "1000"));
      Cancellation cancel = new Cancellation();
      Path folder = Files.createTempDirectory(root, "cancelled");
      CompletableFuture<Void> read =
          CompletableFuture.runAsync(() -> source.read(List.of(), far, folder, cancel));
      Thread.sleep(1000);
      assertThat(read).isNotDone();
      long began = System.nanoTime();
      cancel.request("enough");
      assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CancelledException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
      assertThatThrownBy(
              () ->
                  source.read(
                      List.of(), far, Files.createTempDirectory(root, "x"), Cancellation.never()))
          .hasMessageContaining("'long-0' ends at offset 10, and had messages up to 1000");
    }
  }

  @Test
  void namesTheNearestTopic() throws Exception {
    broker().topic("orders", 1, Map.of());
    try (Source source = reading().text("oders")) {
      assertThatThrownBy(source::positions)
          .hasMessage("There is no topic 'oders'")
          .satisfies(e -> assertThat(((HeadraceException) e).hint()).contains("'orders'"));
    }
  }
}
