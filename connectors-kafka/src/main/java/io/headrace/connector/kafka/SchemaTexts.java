package io.headrace.connector.kafka;

import io.headrace.connector.kafka.protobuf.MessageType;
import io.headrace.connector.kafka.protobuf.ProtoSchema;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Reads the schema that a source names, of which the project's reader gives the text. */
final class SchemaTexts {
  private static final String SCHEMA = "schema";
  private static final String MESSAGE = "message";

  /** Before the names of what the schema imports. */
  private static final String IMPORT = "import ";

  private SchemaTexts() {}

  /**
   * The schema, if the source has one.
   *
   * @throws HeadraceException if it is none of the format
   */
  static Optional<MessageSchema> of(
      String topic, TopicSettings.Format format, SortedMap<String, String> settings) {
    Optional<String> text = Optional.ofNullable(settings.get(SCHEMA));
    return switch (format) {
      case TEXT, JSON -> Optional.empty();
      case AVRO -> text.map(each -> avro(topic, each));
      case PROTOBUF -> text.map(each -> protobuf(topic, each, settings));
    };
  }

  /** The name of the type that messages are of, if the source says it. */
  static Optional<String> message(SortedMap<String, String> settings) {
    return Optional.ofNullable(settings.get(MESSAGE));
  }

  private static MessageSchema avro(String topic, String text) {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw new HeadraceException(
          "Cannot read the `schema` of the topic '%s': %s"
              .formatted(topic, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          "It is to be a schema of Avro, as JSON");
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw new HeadraceException(
          "The `schema` of the topic '%s' is of type %s, and not a record"
              .formatted(topic, schema.getType().getName()),
          "A row is a record with a field for each column");
    }
    return new MessageSchema.Avro(schema);
  }

  private static MessageSchema protobuf(
      String topic, String text, SortedMap<String, String> settings) {
    Map<String, String> imports = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(IMPORT)) {
            imports.put(key.substring(IMPORT.length()), value);
          }
        });
    try {
      return new MessageSchema.Protobuf(
          type(topic, ProtoSchema.parse(text, imports), message(settings)));
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read the `schema` of the topic '%s': %s".formatted(topic, e.getMessage()),
          "It is to be a .proto file; what it imports is looked for in its folder and in those"
              + " that are around it");
    }
  }

  private static MessageType type(String topic, ProtoSchema schema, Optional<String> message) {
    if (message.isPresent()) {
      String name = message.get();
      return schema
          .find(name)
          .orElseThrow(
              () ->
                  new HeadraceException(
                      "The `schema` of the topic '%s' has no message '%s'".formatted(topic, name),
                      NearestWord.hint(
                          name, schema.names(), "Write its full name, with that of its package")));
    }
    return schema
        .only()
        .orElseThrow(
            () ->
                new HeadraceException(
                    "The `schema` of the topic '%s' has several messages: %s"
                        .formatted(topic, String.join(", ", schema.names())),
                    "Say which one they are: `message: %s`".formatted(schema.names().get(0))));
  }
}
