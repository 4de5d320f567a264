package io.headrace.connector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Setting;
import io.headrace.connector.Source;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of topics whose messages have schemas, each with a registry of its own. */
abstract class OnRegistry extends OnBroker {
  private final Map<String, String> format;
  private TestRegistry registry;

  /**
   * @param format of messages
   */
  OnRegistry(String format) {
    this.format = Map.of("format", format);
  }

  @BeforeEach
  final void startRegistry() throws IOException {
    registry = new TestRegistry();
  }

  @AfterEach
  final void stopRegistry() {
    registry.close();
  }

  final TestRegistry registry() {
    return registry;
  }

  /** Opens a topic with nothing but a registry. */
  final Source open(String topic, Map<String, Setting> registered, String... columns) {
    return reading().open(topic, registered, format, columns);
  }

  final void fails(String topic, Map<String, Setting> registered, String message) {
    try (Source source = open(topic, registered, "id BIGINT")) {
      assertThatThrownBy(() -> reading().all(source))
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining(message)
          .satisfies(e -> assertThat(((HeadraceException) e).hint()).isNotEmpty());
    }
  }
}
