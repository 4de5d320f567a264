package io.headrace.connector.kafka;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What Kafka says of a topic. Not for several threads. */
final class Cluster implements AutoCloseable {
  private final Admin admin;
  private final Failures failures;
  private final String topic;
  private Cancellation cancel = Cancellation.never();

  private Cluster(Admin admin, Failures failures, String topic) {
    this.admin = admin;
    this.failures = failures;
    this.topic = topic;
  }

  static Cluster connect(ClientSettings settings, Failures failures, String topic) {
    try {
      return new Cluster(Admin.create(settings.client()), failures, topic);
    } catch (KafkaException e) {
      throw failures.of(e);
    }
  }

  /** Has requests from now on end when that is requested. */
  void endsWith(Cancellation wanted) {
    cancel = wanted;
  }

  /** The same of another topic, through the same client: closing one of them closes both. */
  Cluster of(String other) {
    return new Cluster(admin, failures, other);
  }

  /**
   * A topic now.
   *
   * @param id by which Kafka tells it from those that had its name before
   * @param partitions their numbers
   */
  record Topic(String id, List<Integer> partitions) {}

  Topic topic() {
    return find().orElseThrow(this::unknown);
  }

  /** The topic, if it is there. */
  Optional<Topic> find() {
    try {
      return Optional.ofNullable(
              await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic))
          .map(Cluster::topic);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw failures.of(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Topic topic(TopicDescription description) {
    return new Topic(
        description.topicId().toString(),
        description.partitions().stream().map(TopicPartitionInfo::partition).sorted().toList());
  }

  /**
   * Makes the topic, unless it is there.
   *
   * @param partitions how many, or empty for as many as the broker thinks
   */
  void make(Optional<Integer> partitions, Map<String, String> configuration) {
    NewTopic made = new NewTopic(topic, partitions, Optional.empty()).configs(configuration);
    try {
      admin.createTopics(List.of(made)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failures.of(e);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HeadraceException unknown() {
    List<String> topics = new ArrayList<>(get(admin.listTopics().names()));
    return new HeadraceException(
        "There is no topic '%s'".formatted(topic),
        NearestWord.hint(
            topic,
            topics,
            "Names are taken as they are written. Make the topic, or write to it, and run again"));
  }

  /**
   * The offsets of partitions, as somebody sees them who reads only what is committed: of the
   * latest, the one behind the last message that can be read.
   */
  SortedMap<Integer, Long> offsets(List<Integer> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(new TopicPartition(topic, partition), which));
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    if (!asked.isEmpty()) {
      get(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
          .forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
    }
    return offsets;
  }

  private <T> T get(KafkaFuture<T> future) {
    try {
      return await(future);
    } catch (ExecutionException e) {
      throw failures.of(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private <T> T await(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
    cancel.throwIfRequested();
    try (Cancellation.Registration registration = cancel.onRequest(() -> future.cancel(true))) {
      return future.get();
    } catch (CancellationException e) {
      throw new CancelledException(cancel.reason());
    }
  }

  private HeadraceException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return failures.of(e);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
