package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.RowsGoneException;
import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How far the messages of a topic go, and where reading them begins, on a real broker. */
class TopicPositionsTest extends OnBroker {
  static List<String> values(List<Position> positions) {
    return positions.stream()
        .map(p -> p.part().replaceFirst(" \\(.*\\)", "") + " to " + p.value())
        .toList();
  }

  @Test
  void anEmptyTopicHasPositionsAndNoRows() throws Exception {
    broker().topic("empty", 1, Map.of());
    try (Source source = reading().text("empty")) {
      List<Position> none = source.positions();
      assertThat(values(none)).containsExactly("empty/0 from 0 to 0");
      assertThat(reading().messages(source, List.of(), none)).isEmpty();
    }
  }

  @Test
  void aPartitionThatIsNewBeginsAtItsBeginning() throws Exception {
    broker().topic("grows", 1, Map.of());
    broker().send("grows", 0, "old");
    try (Source source = reading().open("grows", Map.of("format", "text", "start", "latest"))) {
      List<Position> first = source.positions();
      assertThat(values(first)).containsExactly("grows/0 from 1 to 1");
      broker().partitions("grows", 2);
      broker().send("grows", 0, "b");
      broker().send("grows", 1, "c");
      List<Position> second = source.positions(first, false, Cancellation.never());
      assertThat(values(second)).containsExactly("grows/0 from 1 to 2", "grows/1 from 0 to 1");
      assertThat(Position.onlyGrew(first, second)).isTrue();
      assertThat(reading().messages(source, first, second)).containsExactly("0/1 b", "1/0 c");
      assertThat(reading().messages(source, List.of(), second)).containsExactly("0/1 b", "1/0 c");
    }
  }

  @Test
  void startsAtOffsets() throws Exception {
    broker().topic("offsets", 2, Map.of());
    broker().send("offsets", 0, "a", "b", "c");
    broker().send("offsets", 1, "x", "y");
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
      broker().truncate("offsets", 0, 2);
      assertThatThrownBy(() -> reading().messages(source, List.of(), source.positions()))
          .isInstanceOf(RowsGoneException.class)
          .hasMessageContaining("Offsets 1 to 1 of partition 0 of the topic 'offsets' are gone");
    }
  }

  @Test
  void doesNotStartWhereNothingIsYet() throws Exception {
    broker().topic("ahead", 1, Map.of());
    broker().send("ahead", 0, "a");
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
    broker().topic("times", 1, Map.of());
    long noon = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
    for (int i = 0; i < 4; i++) {
      byte[] value = ("m" + i).getBytes(StandardCharsets.UTF_8);
      broker().send("times", 0, null, value, noon + i * 1000L);
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
  void countsWhatIsBehindPositions() throws Exception {
    broker().topic("behind", 2, Map.of());
    broker().send("behind", 0, "a", "b");
    try (Source source = reading().text("behind")) {
      assertThat(source.behind(List.of(), Cancellation.never())).hasValue(2);
      List<Position> all = source.positions();
      assertThat(source.behind(all, Cancellation.never())).hasValue(0);
      broker().send("behind", 0, "c");
      broker().send("behind", 1, "x", "y");
      assertThat(source.behind(all, Cancellation.never())).hasValue(3);
    }
  }
}
