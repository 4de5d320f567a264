package io.headrace.connector.kafka;

import io.headrace.connector.Connector;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;

/** Reaches Kafka with its own client, without a consumer group: it leaves no trace there. */
public final class KafkaConnector implements Connector {
  @Override
  public String kind() {
    return "kafka";
  }

  @Override
  public Source open(SourceSettings settings, Secrets secrets) {
    return new TopicSource(
        TopicSettings.of(settings),
        ClientSettings.of(settings.connection(), secrets, settings.root()));
  }
}
