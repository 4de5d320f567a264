package io.headrace.connector.kafka;

import io.headrace.connector.Connection;
import io.headrace.connector.Connector;
import io.headrace.connector.Publisher;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;
import io.headrace.connector.kafka.protobuf.MessageType;
import io.headrace.connector.kafka.protobuf.ProtoSchema;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.avro.Schema;

/** Reaches Kafka with its own client, without a consumer group: reading leaves no trace there. */
public final class KafkaConnector implements Connector {
  private final Map<Connection, Map<Integer, Schema>> avro = new ConcurrentHashMap<>();
  private final Map<Connection, Map<Integer, ProtoSchema>> protobuf = new ConcurrentHashMap<>();

  @Override
  public String kind() {
    return "kafka";
  }

  @Override
  public Source open(SourceSettings settings, Secrets secrets) {
    TopicSettings topic = TopicSettings.of(settings);
    return new TopicSource(
        topic,
        ClientSettings.of(settings.connection(), secrets, settings.root()),
        fields(topic, Optional.ofNullable(settings.others().get("registry")), secrets));
  }

  private Supplier<Optional<MessageFields>> fields(
      TopicSettings topic, Optional<Connection> registry, Secrets secrets) {
    return switch (topic.format()) {
      case TEXT -> Optional::empty;
      case JSON -> () -> Optional.of(new JsonFields(topic.fields()));
      case AVRO -> {
        Optional<Schema> schema =
            topic.schema().map(MessageSchema.Avro.class::cast).map(MessageSchema.Avro::schema);
        Optional<SchemaRegistry<Schema>> schemas =
            registry.map(r -> SchemaRegistry.of(r, secrets, RegisteredKind.AVRO, of(avro, r)));
        yield () -> Optional.of(new AvroFields(topic.fields(), schema, schemas));
      }
      case PROTOBUF -> {
        Optional<MessageType> type =
            topic
                .schema()
                .map(MessageSchema.Protobuf.class::cast)
                .map(MessageSchema.Protobuf::type);
        Optional<SchemaRegistry<ProtoSchema>> schemas =
            registry.map(
                r -> SchemaRegistry.of(r, secrets, RegisteredKind.PROTOBUF, of(protobuf, r)));
        yield () -> Optional.of(new ProtobufFields(topic.fields(), type, topic.message(), schemas));
      }
    };
  }

  private static <S> Map<Integer, S> of(
      Map<Connection, Map<Integer, S>> known, Connection registry) {
    return known.computeIfAbsent(registry, r -> new ConcurrentHashMap<>());
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
