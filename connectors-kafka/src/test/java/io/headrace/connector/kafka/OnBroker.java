package io.headrace.connector.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share a broker, which nobody else has. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OnBroker {
  @TempDir Path root;
  private TestBroker broker;
  private int topics;

  @BeforeAll
  final void startBroker() throws IOException {
    broker = new TestBroker();
  }

  @AfterAll
  final void stopBroker() throws IOException {
    broker.close();
  }

  final TestBroker broker() {
    return broker;
  }

  final Reading reading() {
    return new Reading(root, broker.bootstrap());
  }

  /** A new topic of one partition that has some messages. */
  final String topic(byte[]... messages) throws Exception {
    String topic = "topic" + topics++;
    broker.topic(topic, 1, Map.of());
    for (byte[] message : messages) {
      broker.send(topic, 0, null, message, null);
    }
    return topic;
  }
}
