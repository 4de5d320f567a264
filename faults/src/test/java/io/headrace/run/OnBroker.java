package io.headrace.run;

import io.headrace.broker.BrokerProcess;
import io.headrace.faults.TestProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a project with a broker of its own, which is its connection {@code local}. */
abstract class OnBroker {
  @TempDir Path folder;
  private BrokerProcess broker;
  private TestProject project;

  @BeforeEach
  final void startBroker() throws IOException {
    broker = BrokerProcess.start(folder.resolve("broker"), 0);
    project = new TestProject(folder.resolve("project"));
    connect("");
  }

  @AfterEach
  final void stopBroker() throws IOException {
    broker.close();
  }

  final TestProject project() {
    return project;
  }

  final String bootstrap() {
    return broker.bootstrap();
  }

  /** Writes the connections, with {@code more} of them. */
  final void connect(String more) {
    project.write(
        "headrace.yaml",
        "connections: {local: {bootstrap: \"%s\"}%s}\n".formatted(bootstrap(), more));
  }

  final void send(List<ProducerRecord<byte[], byte[]>> messages) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap(), "acks", "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = messages.stream().map(producer::send).toList();
      producer.flush();
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata unused = each.get();
      }
    }
  }
}
