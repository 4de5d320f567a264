package io.headrace.connector.kafka;

import io.headrace.connector.kafka.TopicSettings.Field;
import io.headrace.connector.kafka.protobuf.MessageIndexes;
import io.headrace.connector.kafka.protobuf.MessageReader;
import io.headrace.connector.kafka.protobuf.MessageType;
import io.headrace.connector.kafka.protobuf.ProtoRow;
import io.headrace.connector.kafka.protobuf.ProtoSchema;
import io.headrace.connector.staging.FieldValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of messages of Protocol Buffers, one message after the other. Not for several
 * threads.
 */
final class ProtobufFields implements MessageFields {
  private final List<Field> fields;
  private final Optional<MessageType> type;
  private final Optional<String> message;
  private final Optional<SchemaRegistry<ProtoSchema>> registry;
  private final @Nullable String[] texts;

  /**
   * @param type that messages are read as; without a registry, the one that they were written with
   * @param message the name of the type of messages; those of others are rejected
   */
  ProtobufFields(
      List<Field> fields,
      Optional<MessageType> type,
      Optional<String> message,
      Optional<SchemaRegistry<ProtoSchema>> registry) {
    this.fields = List.copyOf(fields);
    this.type = type;
    this.message = type.map(MessageType::name).or(() -> message);
    this.registry = registry;
    this.texts = new @Nullable String[fields.size()];
  }

  @Override
  public @Nullable String read(byte[] bytes) {
    Arrays.fill(texts, null);
    try {
      return registry.isEmpty()
          ? fields(MessageReader.read(type.orElseThrow(), bytes, 0))
          : written(registry.get(), bytes);
    } catch (IOException e) {
      return "not Protobuf of its schema: " + e.getMessage();
    }
  }

  private @Nullable String written(SchemaRegistry<ProtoSchema> schemas, byte[] bytes)
      throws IOException {
    if (!SchemaRegistry.isWrittenWith(bytes)) {
      return SchemaRegistry.NOT_WRITTEN_WITH;
    }
    ProtoSchema schema = schemas.schema(SchemaRegistry.id(bytes));
    MessageIndexes indexes = MessageIndexes.read(bytes, SchemaRegistry.HEADER_BYTES);
    Optional<MessageType> writer = schema.at(indexes.numbers());
    if (writer.isEmpty()) {
      return "not Protobuf of its schema: it has no message with the numbers " + indexes.numbers();
    }
    String name = writer.get().name();
    if (message.isPresent() && !name.equals(message.get()) && !name.endsWith("." + message.get())) {
      return "a message of the type '%s', and not '%s'".formatted(name, message.get());
    }
    return fields(MessageReader.read(type.orElse(writer.get()), bytes, indexes.end()));
  }

  private @Nullable String fields(ProtoRow row) throws IOException {
    String error = null;
    for (int i = 0; i < texts.length; i++) {
      Field field = fields.get(i);
      FieldValue value = row.value(field.name(), !field.type().isQuoted());
      if (value != null) {
        texts[i] = field.type().text(value);
        error = texts[i] == null && error == null ? field.unfit(value.text()) : error;
      }
    }
    return error;
  }

  @Override
  public @Nullable String text(int field) {
    return texts[field];
  }
}
