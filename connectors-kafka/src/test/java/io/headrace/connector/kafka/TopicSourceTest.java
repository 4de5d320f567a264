package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.RowsGoneException;
import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which messages are read, on a real broker. */
class TopicSourceTest {
  private static TestBroker broker;

  @TempDir Path root;

  @BeforeAll
  static void start() throws IOException {
    broker = new TestBroker();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  private Reading reading() {
    return new Reading(root, broker.bootstrap());
  }

  private static List<String> values(List<Position> positions) {
    return positions.stream()
        .map(p -> p.part().replaceFirst(" \\(.*\\)", "") + " to " + p.value())
        .toList();
  }

  @Test
  void countsWhatIsBehindPositions() throws Exception {
    broker.topic("behind", 2, Map.of());
    broker.send("behind", 0, "a", "b");
    try (Source source = reading().text("behind")) {
      assertThat(source.behind(List.of(), Cancellation.never())).hasValue(2);
      List<Position> all = source.positions();
      assertThat(source.behind(all, Cancellation.never())).hasValue(0);
      broker.send("behind", 0, "c");
      broker.send("behind", 1, "x", "y");
      assertThat(source.behind(all, Cancellation.never())).hasValue(3);
    }
  }

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
    broker.topic("ranges", 2, Map.of());
    broker.send("ranges", 0, "a", "b");
    broker.send("ranges", 1, "x");
    try (Source source = reading().text("ranges")) {
      List<Position> first = source.positions();
      assertThat(values(first)).containsExactly("ranges/0 from 0 to 2", "ranges/1 from 0 to 1");
      broker.send("ranges", 0, "c", "d");
      List<Position> second = source.positions(first, false, Cancellation.never());
      broker.send("ranges", 0, "e");
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
    broker.topic("kept", 1, Map.of());
    broker.send("kept", 0, "{\"a\": 1}", "{\"a\": \"x\"}");
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
  void anEmptyTopicHasPositionsAndNoRows() throws Exception {
    broker.topic("empty", 1, Map.of());
    try (Source source = reading().text("empty")) {
      List<Position> none = source.positions();
      assertThat(values(none)).containsExactly("empty/0 from 0 to 0");
      assertThat(reading().messages(source, List.of(), none)).isEmpty();
    }
  }

  @Test
  void aPartitionThatIsNewBeginsAtItsBeginning() throws Exception {
    broker.topic("grows", 1, Map.of());
    broker.send("grows", 0, "old");
    try (Source source = reading().open("grows", Map.of("format", "text", "start", "latest"))) {
      List<Position> first = source.positions();
      assertThat(values(first)).containsExactly("grows/0 from 1 to 1");
      broker.partitions("grows", 2);
      broker.send("grows", 0, "b");
      broker.send("grows", 1, "c");
      List<Position> second = source.positions(first, false, Cancellation.never());
      assertThat(values(second)).containsExactly("grows/0 from 1 to 2", "grows/1 from 0 to 1");
      assertThat(Position.onlyGrew(first, second)).isTrue();
      assertThat(reading().messages(source, first, second)).containsExactly("0/1 b", "1/0 c");
      assertThat(reading().messages(source, List.of(), second)).containsExactly("0/1 b", "1/0 c");
    }
  }

  @Test
  void startsAtOffsets() throws Exception {
    broker.topic("offsets", 2, Map.of());
    broker.send("offsets", 0, "a", "b", "c");
    broker.send("offsets", 1, "x", "y");
    try (Source source = reading().open("offsets", Map.of("format", "text", "start", "0:2,1:0"))) {
      List<Position> first = source.positions();
      assertThat(values(first)).containsExactly("offsets/0 from 2 to 3", "offsets/1 from 0 to 2");
      assertThat(reading().messages(source, List.of(), first))
          .containsExactly("0/2 c", "1/0 x", "1/1 y");
    }
    try (Source source = reading().open("offsets", Map.of("format", "text", "start", "1:2"))) {
      assertThat(values(source.positions()))
          .containsExactly("offsets/0 from 0 to 3", "offsets/1 from 2 to 2");
    }
    try (Source source = reading().open("offsets", Map.of("format", "text", "start", "1"))) {
      List<Position> first = source.positions();
      assertThat(reading().messages(source, List.of(), first))
          .containsExactly("0/1 b", "0/2 c", "1/1 y");
      broker.truncate("offsets", 0, 2);
      assertThatThrownBy(() -> reading().messages(source, List.of(), source.positions()))
          .isInstanceOf(RowsGoneException.class)
          .hasMessageContaining("Offsets 1 to 1 of partition 0 of the topic 'offsets' are gone");
    }
  }

  @Test
  void doesNotStartWhereNothingIsYet() throws Exception {
    broker.topic("ahead", 1, Map.of());
    broker.send("ahead", 0, "a");
    for (String start : List.of("2", "0:2")) {
      try (Source source = reading().open("ahead", Map.of("format", "text", "start", start))) {
        assertThatThrownBy(source::positions)
            .isInstanceOf(HeadraceException.class)
            .hasMessage(
                "Partition 0 of the topic 'ahead' ends at offset 1, and is to be read from 2");
      }
    }
    try (Source source = reading().open("ahead", Map.of("format", "text", "start", "1:0"))) {
      assertThatThrownBy(source::positions).hasMessage("The topic 'ahead' has no partition 1");
    }
  }

  @Test
  void startsAtATime() throws Exception {
    broker.topic("times", 1, Map.of());
    long noon = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
    for (int i = 0; i < 4; i++) {
      byte[] value = ("m" + i).getBytes(StandardCharsets.UTF_8);
      broker.send("times", 0, null, value, noon + i * 1000L);
    }
    Map<String, String> at = Map.of("format", "text", "start", "2026-01-31T13:00:02+01:00");
    try (Source source = reading().open("times", at)) {
      List<Position> positions = source.positions();
      assertThat(values(positions)).containsExactly("times/0 from 2 to 4");
      assertThat(reading().messages(source, List.of(), positions))
          .containsExactly("0/2 m2", "0/3 m3");
      // Where it began stays, even if all is made again.
      assertThat(values(source.positions(positions, true, Cancellation.never())))
          .isEqualTo(values(positions));
    }
  }

  @Test
  void messagesOfTransactionsThatWereGivenUpAreNotRead() throws Exception {
    broker.topic("transactions", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
            broker.producer(Map.of("transactional.id", "test"));
        Source source = reading().text("transactions")) {
      producer.initTransactions();
      transaction(producer, true, "a", "b");
      transaction(producer, false, "no");
      transaction(producer, true, "c");
      List<Position> first = source.positions();
      // Each transaction has a marker at its end.
      assertThat(values(first)).containsExactly("transactions/0 from 0 to 7");
      assertThat(reading().messages(source, List.of(), first))
          .containsExactly("0/0 a", "0/1 b", "0/5 c");
      producer.beginTransaction();
      producer.send(TestBroker.message("transactions", 0, "open")).get();
      assertThat(source.positions(first, false, Cancellation.never())).isEqualTo(first);
      producer.abortTransaction();
      List<Position> second = source.positions(first, false, Cancellation.never());
      assertThat(values(second)).containsExactly("transactions/0 from 0 to 9");
      assertThat(reading().messages(source, first, second)).isEmpty();
    }
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
    broker.topic(
        "compacted",
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.001",
            "max.compaction.lag.ms", "100"));
    byte[] key = {'k'};
    for (int i = 0; i < 20; i++) {
      broker.send("compacted", 0, key, Integer.toString(i).getBytes(StandardCharsets.UTF_8), null);
      Thread.sleep(10);
    }
    try (Source source = reading().text("compacted")) {
      List<Position> upTo = source.positions();
      assertThat(values(upTo)).containsExactly("compacted/0 from 0 to 20");
      List<String> read = reading().messages(source, List.of(), upTo);
      for (int i = 0; read.size() > 10 && i < 150; i++) {
        Thread.sleep(200);
        // Something new closes the segment before it, which may be cleaned then.
        broker.send("compacted", 0, key, new byte[] {'n'}, null);
        read = reading().messages(source, List.of(), upTo);
      }
      assertThat(read).hasSizeLessThanOrEqualTo(10);
      assertThat(values(source.positions(upTo, false, Cancellation.never())).get(0))
          .startsWith("compacted/0 from 0 to ");
    }
  }

  @Test
  void saysWhichMessagesAreGone() throws Exception {
    broker.topic("cut", 1, Map.of());
    broker.send("cut", 0, "a", "b", "c", "d", "e");
    try (Source source = reading().text("cut")) {
      List<Position> all = source.positions();
      List<Position> two = List.of(new Position(all.get(0).part(), "2"));
      broker.truncate("cut", 0, 2);
      assertThat(reading().messages(source, two, all)).containsExactly("0/2 c", "0/3 d", "0/4 e");
      broker.truncate("cut", 0, 4);
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
    broker.topic("again", 1, Map.of());
    broker.send("again", 0, "a");
    List<Position> first;
    try (Source source = reading().text("again")) {
      first = source.positions();
    }
    broker.delete("again");
    broker.topic("again", 1, Map.of());
    broker.send("again", 0, "b", "c");
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
  void oneRunTakesABoundedNumberOfMessages() {
    Part one = new Part("t", "id", 0, 0);
    Part two = new Part("t", "id", 1, 10);
    List<Backlog> backlogs = List.of(new Backlog(one, 0, 900), new Backlog(two, 10, 110));
    assertThat(values(Backlog.batch(backlogs, 100)))
        .containsExactly("t/0 from 0 to 90", "t/1 from 10 to 20");
    assertThat(values(Backlog.batch(backlogs, 1000)))
        .containsExactly("t/0 from 0 to 900", "t/1 from 10 to 110");
    assertThat(values(Backlog.batch(backlogs, 1)))
        .containsExactly("t/0 from 0 to 1", "t/1 from 10 to 11");
  }

  @Test
  void readsOnAfterTheBrokerWasKilled() throws Exception {
    broker.topic("killed", 1, Map.of());
    broker.send("killed", 0, "a");
    List<Position> first;
    try (Source source = reading().text("killed")) {
      first = source.positions();
      assertThat(reading().messages(source, List.of(), first)).containsExactly("0/0 a");
    }
    broker.kill();
    long began = System.nanoTime();
    try (Source source = reading().text("killed")) {
      assertThatThrownBy(source::positions)
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining("no broker answers at 127.0.0.1:")
          .satisfies(e -> assertThat(((HeadraceException) e).hint()).contains("Is Kafka running"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    broker.restart();
    broker.send("killed", 0, "b");
    try (Source source = reading().text("killed")) {
      assertThat(
              reading()
                  .messages(source, first, source.positions(first, false, Cancellation.never())))
          .containsExactly("0/1 b");
    }
  }

  @Test
  void stopsWithinASecondWhenItIsCancelled() throws Exception {
    broker.topic("long", 1, Map.of());
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      values.add("m" + i);
    }
    broker.send("long", 0, values.toArray(String[]::new));
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
    broker.topic("orders", 1, Map.of());
    try (Source source = reading().text("oders")) {
      assertThatThrownBy(source::positions)
          .hasMessage("There is no topic 'oders'")
          .satisfies(e -> assertThat(((HeadraceException) e).hint()).contains("'orders'"));
    }
  }
}
