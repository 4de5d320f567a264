package io.headrace.connector.kafka;

import io.headrace.connector.RowsGoneException;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of partitions to their ends. It counts positions and not messages: offsets at which
 * there is no message, because it was compacted away or is the end of a transaction, are passed
 * too.
 */
final class RangeReader {
  /** Settings of whoever reads from offsets that it says itself. */
  static final Map<String, String> COMMITTED_ONLY =
      Map.of(
          "isolation.level", "read_committed",
          "enable.auto.commit", "false",
          "auto.offset.reset", "none",
          "allow.auto.create.topics", "false");

  private static final Duration POLL = Duration.ofMillis(200);

  /** After so long without anything, the broker is asked whether it is there. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration TO_ANSWER = Duration.ofSeconds(5);

  private final ClientSettings settings;
  private final Failures failures;
  private final RowWorkers rows;
  private final Cancellation cancel;

  RangeReader(ClientSettings settings, Failures failures, RowWorkers rows, Cancellation cancel) {
    this.settings = settings;
    this.failures = failures;
    this.rows = rows;
    this.cancel = cancel;
  }

  /**
   * Reads all of them.
   *
   * @throws CancelledException if that was requested
   */
  void read(List<Range> ranges) throws IOException {
    Map<TopicPartition, Range> open = new HashMap<>();
    ranges.forEach(
        range ->
            open.put(new TopicPartition(range.part().topic(), range.part().partition()), range));
    KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer = consumer();
    try (Cancellation.Registration registration = cancel.onRequest(consumer::wakeup)) {
      consumer.assign(open.keySet());
      open.forEach((partition, range) -> consumer.seek(partition, range.first()));
      poll(consumer, open);
    } catch (WakeupException e) {
      throw new CancelledException(cancel.reason());
    } catch (OffsetOutOfRangeException e) {
      throw new RowsGoneException(
          "Kafka deleted messages of the topic '%s' while they were read"
              .formatted(ranges.get(0).part().topic()),
          "Run again: it says which ones");
    } catch (KafkaException e) {
      throw cancel.isRequested() ? new CancelledException(cancel.reason()) : failures.of(e);
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer() {
    Map<String, Object> properties = settings.client();
    properties.putAll(COMMITTED_ONLY);
    properties.put("max.poll.records", "5000");
    // Messages that were fetched and not read yet are all that is in memory.
    properties.put("fetch.max.bytes", Integer.toString(16 << 20));
    properties.put("max.partition.fetch.bytes", Integer.toString(4 << 20));
    try {
      return new KafkaConsumer<>(
          properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw failures.of(e);
    }
  }

  private void poll(
      KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer, Map<TopicPartition, Range> open)
      throws IOException {
    long heard = System.nanoTime();
    Map<TopicPartition, Long> reached = new HashMap<>();
    while (!open.isEmpty()) {
      cancel.throwIfRequested();
      ConsumerRecords<byte @Nullable [], byte @Nullable []> messages = consumer.poll(POLL);
      for (TopicPartition partition : messages.partitions()) {
        add(messages.records(partition), open.get(partition));
      }
      boolean moved = false;
      for (TopicPartition partition : new ArrayList<>(open.keySet())) {
        long position = consumer.position(partition);
        Long before = reached.put(partition, position);
        moved |= before == null || before != position;
        Range range = open.get(partition);
        if (range != null && position >= range.end()) {
          consumer.pause(List.of(partition));
          open.remove(partition);
        }
      }
      if (moved) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
        requireAnswer(consumer, open);
        heard = System.nanoTime();
      }
    }
  }

  private void add(
      List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> messages, @Nullable Range range)
      throws IOException {
    if (range == null) {
      return;
    }
    int count = messages.size();
    while (count > 0 && messages.get(count - 1).offset() >= range.end()) {
      count--;
    }
    rows.add(messages.subList(0, count));
  }

  /** What is to be read was there; so a broker that has less of it lost something. */
  private static void requireAnswer(
      KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer,
      Map<TopicPartition, Range> open) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(open.keySet(), TO_ANSWER);
    open.forEach(
        (partition, range) -> {
          long end = ends.getOrDefault(partition, 0L);
          if (end < range.end()) {
            throw new HeadraceException(
                "The partition '%s' ends at offset %d, and had messages up to %d"
                    .formatted(partition, end, range.end()),
                "Did a broker lose its disk? Run again when the topic is whole");
          }
        });
  }
}
