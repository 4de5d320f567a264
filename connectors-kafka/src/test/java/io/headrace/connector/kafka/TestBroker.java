package io.headrace.connector.kafka;

import io.headrace.broker.BrokerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A real broker, and what those do to it who write. Not for several threads. */
final class TestBroker implements AutoCloseable {
  private final Path folder;
  private BrokerProcess process;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  TestBroker() throws IOException {
    folder = Files.createTempDirectory("headrace-test-broker");
    process = BrokerProcess.start(folder, 0);
    admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
    producer = producer(Map.of());
  }

  String bootstrap() {
    return process.bootstrap();
  }

  /** Kills it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.kill();
  }

  /** Starts it again, where it was. */
  void restart() throws IOException {
    process = BrokerProcess.start(folder, process.port());
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", bootstrap());
    settings.put("acks", "all");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  void topic(String name, int partitions, Map<String, String> settings) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
        .all()
        .get();
  }

  void delete(String topic) throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    while (admin.listTopics().names().get().contains(topic)) {
      Thread.sleep(20);
    }
  }

  void partitions(String topic, int partitions) throws Exception {
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
  }

  /** Forgets the messages before an offset, as retention does. */
  void truncate(String topic, int partition, long offset) throws Exception {
    admin
        .deleteRecords(
            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  /** Sends messages without a key and waits until they are there. */
  void send(String topic, int partition, String... values)
      throws ExecutionException, InterruptedException {
    for (String value : values) {
      send(topic, partition, null, value.getBytes(StandardCharsets.UTF_8), null);
    }
  }

  void send(
      String topic,
      int partition,
      byte @Nullable [] key,
      byte @Nullable [] value,
      @Nullable Long timestamp)
      throws ExecutionException, InterruptedException {
    send(message(topic, partition, timestamp, key, value));
  }

  /** Sends a message and waits until it is there. */
  void send(ProducerRecord<byte[], byte[]> message)
      throws ExecutionException, InterruptedException {
    producer.send(message).get();
  }

  static ProducerRecord<byte[], byte[]> message(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, null, value.getBytes(StandardCharsets.UTF_8));
  }

  // The client's own code has no annotations: all of these may be null.
  @SuppressWarnings("NullAway")
  private static ProducerRecord<byte[], byte[]> message(
      String topic,
      int partition,
      @Nullable Long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    return new ProducerRecord<>(topic, partition, timestamp, key, value);
  }

  @Override
  public void close() throws IOException {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
    process.close();
  }
}
