package io.headrace.bench;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.fingerprint.Recipes;
import io.headrace.table.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long it takes from the moment that a message is handed to Kafka's client until a query sees
 * its row, while {@code run --follow} runs. The catalog is looked at every few milliseconds: a row
 * counts as seen when the commit with its offset is the environment's head.
 */
final class LatencyBenchmark {
  private static final TableName EVENTS = TableName.parse("events");
  private static final int WARM_UP_SECONDS = 10;
  private static final int SECONDS = 30;
  private static final long LOOK_NANOS = 3_000_000;
  private static final long MEMORY = 256L << 20;
  private static final double REACH_SECONDS = 1;

  private LatencyBenchmark() {}

  static void run(Machine machine, Path folder, int perSecond)
      throws IOException, InterruptedException {
    int messages = perSecond * (WARM_UP_SECONDS + SECONDS);
    try (Broker broker = new Broker(machine, folder);
        KafkaProducer<byte[], byte[]> producer = producer(broker);
        InProcess project = new InProcess(folder.resolve("project"), MEMORY)) {
      project.write(
          "headrace.yaml",
          "connections:\n  local: {bootstrap: \"%s\"}\n".formatted(broker.bootstrap()));
      project.write(
          "tables/events.yaml",
          "kafka: local\ntopic: events\ncolumns: {id: BIGINT, user: VARCHAR, page: VARCHAR}\n");
      producer.partitionsFor("events");
      Process follower =
          new ProcessBuilder(
                  machine.command().toString(),
                  "run",
                  project.root().toString(),
                  "--follow",
                  "--interval",
                  "100ms")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        long[] sent = new long[messages];
        Thread sender = new Thread(() -> send(producer, perSecond, sent), "sender");
        sender.start();
        long[] seen = watch(project, follower, messages);
        sender.join();
        report(perSecond, sent, seen);
      } finally {
        follower.destroy();
        follower.waitFor();
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Broker broker) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrap(), "acks", "all", "linger.ms", "1");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends evenly, and notes when, whatever the clock of the messages says. */
  private static void send(KafkaProducer<byte[], byte[]> producer, int perSecond, long[] sent) {
    long began = System.nanoTime();
    for (int i = 0; i < sent.length; i++) {
      long due = began + (long) (i * 1e9 / perSecond);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String text =
          "{\"id\": %d, \"user\": \"user-%06d\", \"page\": \"/products/%d/reviews\"}"
              .formatted(i, i % 1000, i % 777);
      sent[i] = System.nanoTime();
      Future<?> unused =
          producer.send(new ProducerRecord<>("events", text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** When each message was seen first, by its offset. */
  private static long[] watch(InProcess project, Process follower, int messages)
      throws IOException {
    Map<Long, Long> commits = new TreeMap<>();
    Map<Long, Long> reached = new TreeMap<>();
    Versions versions = project.workspace().catalog().versions();
    long read = 0;
    while (read < messages) {
      if (!follower.isAlive()) {
        throw new IOException("The follower ended");
      }
      Snapshot head = project.workspace().catalog().environments().head("main");
      if (head.commit() > 0 && !commits.containsKey(head.commit())) {
        commits.put(head.commit(), System.nanoTime());
        read = offset(versions.find(head.version(EVENTS).orElseThrow()).orElseThrow());
        reached.put(head.commit(), read);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    Machine.note("commits", commits.size(), "");
    long[] seen = new long[messages];
    int next = 0;
    for (Map.Entry<Long, Long> commit : commits.entrySet()) {
      long end = reached.getOrDefault(commit.getKey(), 0L);
      for (; next < end && next < messages; next++) {
        seen[next] = commit.getValue();
      }
    }
    return seen;
  }

  private static long offset(Version version) {
    return Recipes.positions(version.recipe()).stream()
        .mapToLong(position -> Long.parseLong(position.value()))
        .sum();
  }

  private static void report(int perSecond, long[] sent, long[] seen) {
    int first = perSecond * WARM_UP_SECONDS;
    double[] seconds = new double[sent.length - first];
    for (int i = first; i < sent.length; i++) {
      seconds[i - first] = (seen[i] - sent[i]) / 1e9;
    }
    Arrays.sort(seconds);
    String rate = String.format(Locale.ROOT, "%,d events/s, produced to queryable, ", perSecond);
    Machine.note(rate + "median", seconds[seconds.length / 2], "s");
    Machine.report(rate + "p99", seconds[seconds.length * 99 / 100], "s", REACH_SECONDS);
  }
}
