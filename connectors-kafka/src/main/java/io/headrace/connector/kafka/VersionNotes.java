package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.error.HeadraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Which version a topic holds, as a topic of its own says. Each topic has one of these, so that
 * nobody else's open transaction hides what is noted.
 */
final class VersionNotes {
  /** What its name begins with; the name of the topic follows. */
  static final String PREFIX = "headrace-exports-";

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(7);

  /** Behind the last note are only the ends of transactions, and notes that were given up. */
  private static final long USUALLY_ENOUGH = 50;

  private static final JsonFactory JSON = new JsonFactory();

  private final ClientSettings settings;
  private final Failures failures;
  private final String topic;
  private final Cluster cluster;

  /**
   * @param cluster of the topic; closed by somebody else
   */
  VersionNotes(ClientSettings settings, Failures failures, String topic, Cluster cluster) {
    this.settings = settings;
    this.failures = failures;
    this.topic = topic;
    this.cluster = cluster.of(name());
  }

  /**
   * What is noted.
   *
   * @param topicId that the topic had then
   * @param key names of the columns that the messages' keys are made of
   */
  record Note(String version, String topicId, String key) {}

  private String name() {
    return PREFIX + topic;
  }

  /** Makes the topic of notes, unless it is there. */
  void make() {
    if (cluster.find().isEmpty()) {
      cluster.make(
          Optional.of(1),
          // Old notes go soon, so that the topic stays small.
          Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(1 << 20)));
    }
  }

  /** A note, to be sent in the transaction that it speaks of. */
  ProducerRecord<byte[], byte @Nullable []> message(Note note, Instant at) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("version", note.version());
      json.writeStringField("topic_id", note.topicId());
      json.writeStringField("key", note.key());
      json.writeStringField("delivered_at", at.toString());
      json.writeEndObject();
    }
    return new ProducerRecord<>(
        name(), 0, topic.getBytes(StandardCharsets.UTF_8), bytes.toByteArray());
  }

  /** The last note of a transaction that was committed. */
  Optional<Note> last() {
    if (cluster.find().isEmpty()) {
      return Optional.empty();
    }
    List<Integer> only = List.of(0);
    long first = cluster.offsets(only, OffsetSpec.earliest()).getOrDefault(0, 0L);
    long end = cluster.offsets(only, OffsetSpec.latest()).getOrDefault(0, 0L);
    Optional<Note> near = read(Math.max(first, end - USUALLY_ENOUGH), end);
    return near.isPresent() || end - first <= USUALLY_ENOUGH ? near : read(first, end);
  }

  private Optional<Note> read(long first, long end) {
    Optional<Note> last = Optional.empty();
    if (first >= end) {
      return last;
    }
    TopicPartition partition = new TopicPartition(name(), 0);
    Map<String, Object> properties = settings.client();
    properties.putAll(RangeReader.COMMITTED_ONLY);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, first);
      long heard = System.nanoTime();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL).records(partition)) {
          last = Optional.of(note(message.value()));
          heard = System.nanoTime();
        }
        if (System.nanoTime() - heard > PATIENCE.toNanos()) {
          throw new HeadraceException(
              "The topic '%s' cannot be read to its end".formatted(name()),
              "Do all brokers run? Then try again");
        }
      }
      return last;
    } catch (KafkaException e) {
      throw failures.of(e);
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private Note note(byte[] value) {
    Map<String, String> fields = new TreeMap<>();
    try (JsonParser json = JSON.createParser(value)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          fields.put(json.currentName(), json.getText());
        }
      }
    } catch (IOException e) {
      throw new HeadraceException(
          "A message of the topic '%s' is no note of an export".formatted(name()),
          "Does anybody else write to it? Delete it: then all rows are delivered again");
    }
    return new Note(
        fields.getOrDefault("version", ""),
        fields.getOrDefault("topic_id", ""),
        fields.getOrDefault("key", ""));
  }
}
