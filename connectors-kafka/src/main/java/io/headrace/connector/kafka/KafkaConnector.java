package io.headrace.connector.kafka;

import io.headrace.connector.Connection;
import io.headrace.connector.Connector;
import io.headrace.connector.Publisher;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** Reaches Kafka with its own client, without a consumer group: reading leaves no trace there. */
public final class KafkaConnector implements Connector {
  private final Map<Connection, Map<Integer, Schema>> schemas = new ConcurrentHashMap<>();

  @Override
  public String kind() {
    return "kafka";
  }

  @Override
  public Source open(SourceSettings settings, Secrets secrets) {
    return new TopicSource(
        TopicSettings.of(settings),
        ClientSettings.of(settings.connection(), secrets, settings.root()),
        Optional.ofNullable(settings.others().get("registry"))
            .map(connection -> SchemaRegistry.of(connection, secrets, schemas(connection))));
  }

  private Map<Integer, Schema> schemas(Connection registry) {
    return schemas.computeIfAbsent(registry, r -> new ConcurrentHashMap<>());
  }

  @Override
  public Target openTarget(TargetSettings settings, Secrets secrets) {
    return new TopicTarget(
        settings.into(), ClientSettings.of(settings.connection(), secrets, settings.root()));
  }

  @Override
  public Publisher openPublisher(Connection connection, Path root, Secrets secrets) {
    return new TopicPublisher(ClientSettings.of(connection, secrets, root));
  }
}
