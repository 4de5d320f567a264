package io.headrace.connector.kafka;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.connector.staging.CsvReader;
import io.headrace.connector.staging.RowJson;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic to which the changes of a table are written: a message for each row, and of a key that is
 * gone, one without a value. Those of a version are one transaction of Kafka, together with the
 * note that it is there. All who deliver to a topic have one transactional id, so that the last of
 * them ends what others have begun.
 */
final class TopicTarget implements Target {
  /** The longest that brokers allow by default. A killed delivery holds up readers for so long. */
  private static final Duration TRANSACTION = Duration.ofMinutes(15);

  /** Until a transaction shows: ten seconds in all, where a few milliseconds are usual. */
  private static final int MOST_LOOKS = 500;

  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final int LARGEST_MESSAGE = 64 << 20;
  private static final int BETWEEN_LOOKS = 1000;

  private final String topic;
  private final ClientSettings settings;
  private final Failures failures;
  private final Cluster cluster;
  private final VersionNotes notes;

  TopicTarget(String topic, ClientSettings settings) {
    this.topic = topic;
    this.settings = settings;
    this.failures = Failures.delivering(settings);
    this.cluster = Cluster.connect(settings, failures, topic);
    this.notes = new VersionNotes(settings, failures, topic, cluster);
  }

  @Override
  public boolean isReplaceable() {
    return false;
  }

  @Override
  public Optional<String> version() {
    return cluster.find().flatMap(found -> held(found, notes.last()));
  }

  /** What a note says, if it speaks of the topic that is there now. */
  private static Optional<String> held(Cluster.Topic found, Optional<VersionNotes.Note> note) {
    return note.filter(last -> last.topicId().equals(found.id())).map(VersionNotes.Note::version);
  }

  @Override
  public Optional<Long> deliver(Delivery delivery, Cancellation cancel) {
    cancel.throwIfRequested();
    Cluster.Topic found = prepare(delivery);
    KafkaProducer<byte[], byte @Nullable []> producer = producer();
    try {
      producer.initTransactions();
      Optional<VersionNotes.Note> last = notes.last();
      if (!held(found, last).equals(delivery.before())) {
        return Optional.empty();
      }
      String key = String.join(", ", delivery.key());
      requireSameKey(delivery, last, key);
      producer.beginTransaction();
      try {
        long rows = new Sending(producer, delivery, cancel).send();
        send(
            producer,
            notes.message(
                new VersionNotes.Note(delivery.version(), found.id(), key), delivery.at()));
        producer.commitTransaction();
        awaitNote(found, delivery.version(), cancel);
        return Optional.of(rows);
      } catch (HeadraceException | KafkaException | IOException e) {
        abort(producer);
        throw e;
      }
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      // Somebody else delivers by now.
      return Optional.empty();
    } catch (KafkaException e) {
      throw failures.of(e);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read the rows to deliver: %s".formatted(e.getMessage()), "Is the disk well?");
    } finally {
      producer.close(Duration.ZERO);
    }
  }

  /**
   * The broker says that a transaction is committed, and marks it so in its topics a moment later:
   * until then readers do not see it.
   */
  private void awaitNote(Cluster.Topic found, String version, Cancellation cancel) {
    Optional<String> delivered = Optional.of(version);
    for (int look = 0; look < MOST_LOOKS && !held(found, notes.last()).equals(delivered); look++) {
      Pause.REAL.waitFor(PAUSE, cancel);
    }
  }

  /** What goes wrong with a message, the end of the transaction tells. */
  private static void send(
      KafkaProducer<byte[], byte @Nullable []> producer,
      ProducerRecord<byte[], byte @Nullable []> message) {
    Future<RecordMetadata> unused = producer.send(message);
  }

  private static void abort(KafkaProducer<?, ?> producer) {
    try {
      producer.abortTransaction();
    } catch (KafkaException e) {
      // The next delivery does it, or the broker after a while.
    }
  }

  private Cluster.Topic prepare(Delivery delivery) {
    if (cluster.find().isEmpty()) {
      // The latest row of a key is to stay, and events are kept as long as those of others.
      cluster.make(
          Optional.empty(),
          delivery.key().isEmpty() ? Map.of() : Map.of("cleanup.policy", "compact"));
    }
    notes.make();
    return cluster.topic();
  }

  private void requireSameKey(Delivery delivery, Optional<VersionNotes.Note> last, String key) {
    String before = last.map(VersionNotes.Note::key).orElse(key);
    if (delivery.before().isPresent() && !before.equals(key)) {
      throw new HeadraceException(
          "Cannot deliver to '%s': the keys of its messages are made of %s, and not of %s"
              .formatted(topic, words(before), words(key)),
          "Name another topic, or delete this one: it is made again with all rows");
    }
  }

  private static String words(String key) {
    return key.isEmpty() ? "nothing" : "`%s`".formatted(key);
  }

  private KafkaProducer<byte[], byte @Nullable []> producer() {
    Map<String, Object> properties = settings.client();
    properties.put("transactional.id", VersionNotes.PREFIX + topic);
    properties.put("transaction.timeout.ms", Long.toString(TRANSACTION.toMillis()));
    properties.put("acks", "all");
    properties.put("linger.ms", "20");
    properties.put("batch.size", Integer.toString(256 << 10));
    properties.put("compression.type", "lz4");
    properties.put("max.request.size", Integer.toString(LARGEST_MESSAGE));
    properties.put("max.block.ms", "10000");
    try {
      return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw failures.of(e);
    }
  }

  /** The messages of a delivery, sent one by one. */
  private final class Sending {
    private final KafkaProducer<byte[], byte @Nullable []> producer;
    private final Delivery delivery;
    private final Cancellation cancel;
    private final RowJson json;
    private long sent;

    Sending(
        KafkaProducer<byte[], byte @Nullable []> producer, Delivery delivery, Cancellation cancel) {
      this.producer = producer;
      this.delivery = delivery;
      this.cancel = cancel;
      this.json = new RowJson(delivery.columns(), delivery.key());
    }

    /** How many messages it was. */
    long send() throws IOException {
      try (CsvReader rows = new CsvReader(delivery.change().rows(), delivery.columns().size())) {
        if (delivery.change() instanceof Delivery.Update update) {
          sendKeys(update, rows);
        } else {
          while (rows.next()) {
            send(delivery.key().isEmpty() ? null : json.keyOfRow(rows), json.value(rows));
          }
        }
      }
      return sent;
    }

    /** Goes along both files, which are in one order. */
    private void sendKeys(Delivery.Update update, CsvReader rows) throws IOException {
      try (CsvReader keys = new CsvReader(update.keys(), json.keyLength())) {
        boolean hasRow = rows.next();
        while (keys.next()) {
          String key = json.keyOfKey(keys);
          boolean isThere = false;
          while (hasRow && key.equals(json.keyOfRow(rows))) {
            send(key, json.value(rows));
            isThere = true;
            hasRow = rows.next();
          }
          if (!isThere) {
            send(key, null);
          }
        }
        if (hasRow) {
          throw new IOException("rows and keys are not in one order");
        }
      }
    }

    // The client's own code has no annotations: keys and values may be null.
    @SuppressWarnings("NullAway")
    private void send(@Nullable String key, @Nullable String value) {
      if (++sent % BETWEEN_LOOKS == 0) {
        cancel.throwIfRequested();
      }
      TopicTarget.send(producer, new ProducerRecord<>(topic, bytes(key), bytes(value)));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
      return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
