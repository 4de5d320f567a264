package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.broker.BrokerProcess;
import io.headrace.catalog.Commit;
import io.headrace.maintain.Doctor;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code headrace run --follow} of a topic of a real broker, killed or held while messages arrive.
 */
@Order(1)
class TopicTest {
  private static final int KILLS = Math.max(5, Integer.getInteger("headrace.kills", 40) / 8);
  private static final int PARTITIONS = 2;

  /** Later than that the leases of a dead process are free and it counts as dead. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir Path folder;
  private BrokerProcess broker;
  private TestProject project;

  @BeforeEach
  void start() throws Exception {
    broker = BrokerProcess.start(folder.resolve("broker"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic("events", PARTITIONS, (short) 1))).all().get();
    }
    project =
        new TestProject(folder.resolve("project"))
            .write(
                "headrace.yaml",
                "connections: {local: {bootstrap: \"%s\"}}\n".formatted(broker.bootstrap()))
            .write(
                "tables/events.yaml",
                """
                kafka: local
                topic: events
                columns: {k: BIGINT}
                reject: [k % 10 <> 5]
                """)
            .write(
                "tables/newest.yaml",
                """
                kafka: local
                topic: events
                columns: {k: BIGINT}
                incremental: {key: [partition, key], latest_by: k}
                """)
            .table(
                "latest",
                "/*---\nincremental: {key: [partition, key], latest_by: k, from: events}\n---*/"
                    + " SELECT partition, key, k FROM events")
            .table("good", "/*---\nincremental: {append: events}\n---*/ SELECT k FROM events");
  }

  @AfterEach
  void stop() throws IOException {
    broker.close();
  }

  @Test
  void everyMessageIsThereOnceHoweverOftenItIsKilled() throws Exception {
    Seed seed = new Seed(TopicTest.class);
    SplittableRandom random = seed.random(0);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicIntegerArray sent = new AtomicIntegerArray(PARTITIONS);
    Thread writer = new Thread(() -> write(enough, sent), "writer");
    writer.start();
    for (int i = 0; i < KILLS; i++) {
      try (Child child = ChildJvms.following(project)) {
        child.await("commit ");
        Thread.sleep(random.nextLong(300));
        child.kill();
      }
    }
    enough.set(true);
    writer.join();
    assertThat(sent.get(0) + sent.get(1)).isGreaterThan(100);
    assertEachMessageIsThereOnce(seed, sent);
  }

  /** Held where it is at any moment, while another one publishes, and then let go on. */
  @Test
  void aFollowerThatWasHeldPublishesNothingTwice() throws Exception {
    Seed seed = new Seed(TopicTest.class);
    SplittableRandom random = seed.random(1);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicIntegerArray sent = new AtomicIntegerArray(PARTITIONS);
    Thread writer = new Thread(() -> write(enough, sent), "writer");
    writer.start();
    int takenOver = 0;
    for (int i = 0; i < KILLS; i++) {
      try (Child held = ChildJvms.following(project)) {
        held.await("commit ");
        Thread.sleep(random.nextLong(300));
        held.signal("STOP");
        try (Child other = ChildJvms.following(project)) {
          takenOver += publishes(other, Duration.ofSeconds(15)) ? 1 : 0;
          held.signal("CONT");
          Thread.sleep(random.nextLong(600));
          assertThat(other.errors()).doesNotContain("Exception");
        }
        int before = commits(held);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (commits(held) == before && System.nanoTime() < end) {
          Thread.sleep(20);
        }
        assertThat(commits(held)).as(held.errors()).isGreaterThan(before);
        assertThat(held.errors()).doesNotContain("Exception");
      }
    }
    enough.set(true);
    writer.join();
    // A process that is held with the lock of the catalog lets nobody else write.
    assertThat(takenOver).as(seed.toString()).isPositive();
    assertEachMessageIsThereOnce(seed, sent);
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      List<Commit> log = workspace.catalog().environments().log("main", Integer.MAX_VALUE);
      assertThat(log.stream().map(Commit::id).distinct().count()).isEqualTo(log.size());
    }
  }

  private static boolean publishes(Child child, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (commits(child) == 0 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return commits(child) > 0;
  }

  private static int commits(Child child) {
    return (int) child.lines().stream().filter(line -> line.contains("commit ")).count();
  }

  @Test
  void partitionsThatAreAddedAreReadAndMessagesThatAreGoneStopIt() throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "acks", "all");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Child child = ChildJvms.following(project)) {
      send(producer, 0, 1, 2);
      child.await("commit ");
      await(child, "[[2]]");
      // What was read may go.
      truncate(admin, 2);
      admin.createPartitions(Map.of("events", NewPartitions.increaseTo(3))).all().get();
      send(producer, 2, 3, 4, 6);
      send(producer, 0, 7);
      await(child, "[[6]]");
      child.signal("STOP");
      send(producer, 0, 8, 9);
      truncate(admin, 4);
      child.signal("CONT");
      while (!child.errors().contains("failed again")) {
        assertThat(child.process().isAlive()).as(child.errors()).isTrue();
        Thread.sleep(20);
      }
      assertThat(child.errors())
          .contains("Offsets 3 to 3 of partition 0 of the topic 'events' are gone")
          .doesNotContain("Exception");
      await(child, "[[6]]");
    }
  }

  @Test
  void anIdleFollowerOutlivesItsBroker() throws Exception {
    int port = Integer.parseInt(broker.bootstrap().replaceFirst(".*:", ""));
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "acks", "all");
    try (Child child = ChildJvms.following(project)) {
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        send(producer, 0, 1, 2);
        child.await("commit ");
        await(child, "[[2]]");
      }
      broker.close();
      while (!child.errors().contains("error: ")) {
        assertThat(child.process().isAlive()).as(child.errors()).isTrue();
        Thread.sleep(20);
      }
      broker = BrokerProcess.start(folder.resolve("broker"), port);
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        send(producer, 1, 3);
        await(child, "[[3]]");
      }
      assertThat(child.errors()).doesNotContain("Exception");
      assertThat(child.output()).contains("0 rows behind");
    }
  }

  /** Waits until the published table has so many rows. */
  private void await(Child child, String rows) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    String found = "";
    while (!found.equals(rows)) {
      assertThat(System.nanoTime()).as("%s: %s", found, child.errors()).isLessThan(end);
      Thread.sleep(50);
      try (Workspace workspace = project.open()) {
        found = TestProject.query(workspace, "main", "SELECT count(*) FROM events").toString();
      }
    }
  }

  private static void truncate(Admin admin, long offset) throws Exception {
    admin
        .deleteRecords(
            Map.of(new TopicPartition("events", 0), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, int partition, int... values)
      throws Exception {
    for (int k : values) {
      byte[] text = "{\"k\": %d}".formatted(k).getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>("events", partition, text, text)).get();
    }
  }

  private void assertEachMessageIsThereOnce(Seed seed, AtomicIntegerArray sent) {
    long sum = (long) sent.get(0) + sent.get(1);
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      TestRun.of(workspace);
      String all =
          "(SELECT partition, \"offset\" FROM %1$s UNION ALL SELECT partition, \"offset\" FROM %1$s__rejected)";
      assertThat(
              TestProject.query(
                      workspace,
                      "main",
                      "SELECT partition, count(*), count(DISTINCT \"offset\"), min(\"offset\"),"
                          + " max(\"offset\") + 1 FROM "
                          + all.formatted("events")
                          + " GROUP BY ALL ORDER BY 1")
                  .toString())
          .as(seed.toString())
          .isEqualTo(
              "[[0, %1$d, %1$d, 0, %1$d], [1, %2$d, %2$d, 0, %2$d]]"
                  .formatted(sent.get(0), sent.get(1)));
      long poison = (sum + 9) / 10;
      long fives = (sum + 4) / 10;
      assertThat(
              TestProject.query(
                      workspace,
                      "main",
                      "SELECT count(*) FILTER (raw LIKE 'poison %' AND reason LIKE 'not JSON%'),"
                          + " count(*) FILTER (raw LIKE '{%5}' AND reason = 'k % 10 <> 5'), count(*)"
                          + " FROM events__rejected")
                  .toString())
          .isEqualTo("[[%d, %d, %d]]".formatted(poison, fives, poison + fives));
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM newest__rejected"))
          .isEqualTo(poison);
      assertThat(TestProject.value(workspace, "SELECT count(DISTINCT k) FROM good"))
          .isEqualTo(sum - poison - fives);
      assertThat(
              TestProject.value(
                  workspace,
                  "SELECT count(*) FROM latest FULL JOIN (SELECT partition, key, max(k) AS k FROM"
                      + " events GROUP BY ALL) AS e USING (partition, key, k)"
                      + " WHERE latest.k IS DISTINCT FROM e.k"))
          .isEqualTo(0L);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }

  /** Writes, every tenth message no JSON. Counts what was acknowledged, by partition. */
  private void write(AtomicBoolean enough, AtomicIntegerArray sent) {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "acks", "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; !enough.get(); i++) {
        String text = i % 10 == 0 ? "poison " + i : "{\"k\": %d}".formatted(i);
        byte[] key = String.valueOf(i % 7).getBytes(StandardCharsets.UTF_8);
        int partition = i % 3 == 0 ? 0 : 1;
        Future<?> unused =
            producer.send(
                new ProducerRecord<>(
                    "events", partition, key, text.getBytes(StandardCharsets.UTF_8)));
        sent.incrementAndGet(partition);
        if (i % 20 == 0) {
          producer.flush();
          Thread.sleep(10);
        }
      }
      producer.flush();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
