package io.headrace.connector.kafka;

import io.headrace.connector.Publisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Events become messages, each of them written by all replicas that are in sync. */
final class TopicPublisher implements Publisher {
  private static final Duration TO_CLOSE = Duration.ofSeconds(10);

  private final Failures failures;
  private final KafkaProducer<byte @Nullable [], byte[]> producer;

  TopicPublisher(ClientSettings settings) {
    this.failures = Failures.publishing(settings);
    Map<String, Object> properties = settings.client();
    properties.put("acks", "all");
    // Long enough for those that arrive at the same time to go together.
    properties.put("linger.ms", "2");
    // What cannot be sent for so long is an error, while whoever sent it still waits.
    properties.put("max.block.ms", "5000");
    properties.put("delivery.timeout.ms", "10000");
    try {
      this.producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw failures.of(e);
    }
  }

  // The client's own code has no annotations: keys may be null.
  @SuppressWarnings("NullAway")
  @Override
  public CompletableFuture<Receipt> publish(String topic, Optional<String> key, byte[] value) {
    byte @Nullable [] bytes = key.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    try {
      Future<RecordMetadata> unused =
          producer.send(
              new ProducerRecord<>(topic, bytes, value),
              (where, failure) -> {
                if (failure == null) {
                  receipt.complete(new Receipt(where.partition(), where.offset()));
                } else {
                  receipt.completeExceptionally(failures.of(failure));
                }
              });
    } catch (KafkaException e) {
      receipt.completeExceptionally(failures.of(e));
    }
    return receipt;
  }

  @Override
  public void close() {
    producer.close(TO_CLOSE);
  }
}
