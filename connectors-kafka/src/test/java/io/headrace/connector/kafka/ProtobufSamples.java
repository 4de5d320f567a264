package io.headrace.connector.kafka;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import io.headrace.connector.kafka.TopicSettings.Field;
import io.headrace.connector.kafka.protobuf.MessageType;
import io.headrace.connector.kafka.protobuf.ProtoSamples;
import io.headrace.connector.kafka.protobuf.ProtoSchema;
import io.headrace.connector.kafka.protobuf.SchemaTextException;
import io.headrace.connector.staging.FieldTypes;
import io.headrace.engine.Query.DeclaredColumn;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Messages of Protobuf, and readers of them. */
final class ProtobufSamples {
  static final Descriptor ALL = ProtoSamples.all();
  static final MessageType TYPE = type(ProtoSamples.text(), "All");

  private ProtobufSamples() {}

  static MessageType type(String text, String name) {
    try {
      return ProtoSchema.parse(text, Map.of()).find(name).orElseThrow();
    } catch (SchemaTextException e) {
      throw new AssertionError(e);
    }
  }

  static ProtobufFields fields(MessageType type, String... columns) {
    List<Field> fields =
        Stream.of(columns)
            .map(each -> each.split(" ", 2))
            .map(
                each ->
                    new Field(
                        each[0], each[1], FieldTypes.of(new DeclaredColumn(each[0], each[1]))))
            .toList();
    return new ProtobufFields(fields, Optional.of(type), Optional.empty(), Optional.empty());
  }

  /** The text of a field in a column of a type, or why it is not taken. */
  static String text(byte[] message, String field, String type) {
    ProtobufFields fields = fields(TYPE, field + " " + type);
    String error = fields.read(message);
    return error == null ? String.valueOf(fields.text(0)) : error;
  }

  static DynamicMessage message(String field, Object value) {
    return set(DynamicMessage.newBuilder(ALL), field, value).build();
  }

  static DynamicMessage.Builder set(DynamicMessage.Builder builder, String field, Object value) {
    return builder.setField(builder.getDescriptorForType().findFieldByName(field), value);
  }

  static byte[] join(byte[]... parts) {
    byte[] all = new byte[0];
    for (byte[] part : parts) {
      int length = all.length;
      all = Arrays.copyOf(all, length + part.length);
      System.arraycopy(part, 0, all, length, part.length);
    }
    return all;
  }

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** The type of the column that the schema asks for. */
  static String declared(String field) {
    return TYPE.columns().stream()
        .filter(column -> column.name().equals(field))
        .findFirst()
        .orElseThrow()
        .type();
  }
}
