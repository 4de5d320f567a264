package io.headrace.connector.kafka.protobuf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that was read. Used by one thread. */
final class ProtoMessage {
  private final MessageType type;
  private final @Nullable Object[] values;

  ProtoMessage(MessageType type) {
    this.type = type;
    this.values = new @Nullable Object[type.fields().size()];
  }

  MessageType type() {
    return type;
  }

  /** What the message has of a field, or null if the field is not in it. */
  @Nullable Object written(ProtoField field) {
    return values[field.index()];
  }

  /** The value of a field, or null if it has none. */
  @Nullable Object value(ProtoField field) {
    Object value = values[field.index()];
    if (value != null) {
      return value;
    }
    return switch (field.presence()) {
      case EXPLICIT, REQUIRED -> null;
      case IMPLICIT -> field.type().initial();
      case REPEATED -> List.of();
    };
  }

  void put(ProtoField field, Object value) {
    if (field.oneof() >= 0) {
      for (ProtoField other : type.fields()) {
        if (other.oneof() == field.oneof()) {
          values[other.index()] = null;
        }
      }
    }
    values[field.index()] = value;
  }
}
