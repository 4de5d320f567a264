package io.headrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Messages of a topic become rows of a published table, with the broker on the same cores. */
final class KafkaBenchmark {
  /** What one run takes at most. */
  private static final int MOST_OF_A_RUN = 2_000_000;

  /** 250,000 rows a second are to be reached. */
  private static final double SECONDS_OF_A_ROW = 1 / 250_000.0;

  private KafkaBenchmark() {}

  static void run(Machine machine, Path folder, int messages)
      throws IOException, InterruptedException {
    try (Broker broker = new Broker(machine, folder)) {
      produce(broker.bootstrap(), messages);
      double unused = read(machine, folder, broker.bootstrap(), messages);
    }
  }

  static void produce(String bootstrap, int messages) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "compression.type",
            "zstd",
            "linger.ms",
            "20",
            "batch.size",
            "262144");
    SplittableRandom random = new SplittableRandom(7);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      long bytes = 0;
      for (int i = 0; i < messages; i++) {
        byte[] message = message(i, random).getBytes(StandardCharsets.UTF_8);
        bytes += message.length;
        Future<?> unused = producer.send(new ProducerRecord<>("events", message));
      }
      producer.flush();
      Machine.note("bytes of a message", (double) bytes / messages, "bytes");
    }
  }

  private static String message(int id, SplittableRandom random) {
    return ("{\"id\": %d, \"user\": \"user-%06d\", \"at\": \"2026-01-%02dT%02d:%02d:%02d.%03dZ\","
            + " \"page\": \"/products/%d/reviews\", \"amount\": %d.%02d, \"is_mobile\": %s,"
            + " \"agent\": \"Mozilla/5.0 (X11; Linux x86_64)\"}")
        .formatted(
            id,
            random.nextInt(1_000_000),
            1 + random.nextInt(28),
            random.nextInt(24),
            random.nextInt(60),
            random.nextInt(60),
            random.nextInt(1000),
            random.nextInt(10_000),
            random.nextInt(1000),
            random.nextInt(100),
            random.nextBoolean());
  }

  /** How many seconds it takes. */
  static double read(Machine machine, Path folder, String bootstrap, int messages)
      throws IOException, InterruptedException {
    Path project = folder.resolve("project");
    Files.createDirectories(project.resolve("tables"));
    Files.writeString(
        project.resolve("headrace.yaml"),
        "connections:\n  local: {bootstrap: \"%s\"}\n".formatted(bootstrap));
    Files.writeString(
        project.resolve("tables/events.yaml"),
        "kafka: local\ntopic: events\ncolumns: {id: BIGINT, user: VARCHAR, at: TIMESTAMPTZ,"
            + " page: VARCHAR, amount: 'DECIMAL(10, 2)', is_mobile: BOOLEAN, agent: VARCHAR}\n");
    double seconds = 0;
    long peak = 0;
    for (int read = 0; read < messages; read += MOST_OF_A_RUN) {
      Machine.Finished finished = machine.headrace("run", project.toString());
      seconds += finished.seconds();
      peak = Math.max(peak, finished.peakMegabytes());
    }
    String count =
        machine
            .headrace(
                "query",
                "-C",
                project.toString(),
                "SELECT count(*) AS n FROM events",
                "--format",
                "csv")
            .output();
    if (!count.contains("\n" + messages)) {
      throw new IOException("Not all messages are there: " + count);
    }
    Machine.note("rows from a topic to a published table", messages / seconds, "rows/s");
    Machine.note("most memory", (double) peak, "MB");
    Machine.report(
        String.format(Locale.ROOT, "%,d rows", messages),
        seconds,
        "s",
        messages * SECONDS_OF_A_ROW);
    return seconds;
  }
}
