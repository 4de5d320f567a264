package io.headrace.connector.kafka.protobuf;

import io.headrace.connector.kafka.protobuf.ProtoType.Enumeration;
import io.headrace.connector.kafka.protobuf.ProtoType.MapOf;
import io.headrace.connector.kafka.protobuf.ProtoType.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message, and refuses what is not just as its schema says: text that is not UTF-8, a
 * number that is too large for its type, a field that is written as another type is. Fields that
 * the schema does not have are passed. The memory that a message takes is bounded by its length.
 */
public final class MessageReader {
  private static final int MOST_DEPTH = 100;

  /** A message in another may be of two bytes, and has room for all of its fields. */
  private static final int MOST_ROOM = 4 << 20;

  private final Wire wire;
  private int depth;
  private int room = MOST_ROOM;
  private boolean hasRequired;

  private MessageReader(Wire wire) {
    this.wire = wire;
  }

  /**
   * Reads a message.
   *
   * @param from where it begins
   * @throws IOException if it is none of the type
   */
  public static ProtoRow read(MessageType type, byte[] bytes, int from) throws IOException {
    MessageReader reader = new MessageReader(new Wire(bytes, from));
    ProtoMessage message = reader.message(type);
    reader.fields(message, reader.wire.end());
    if (reader.hasRequired) {
      requireWhole(message);
    }
    return new ProtoRow(message, bytes.length);
  }

  private ProtoMessage message(MessageType type) throws IOException {
    room -= type.fields().size();
    if (room < 0) {
      throw new IOException("too many messages are in it");
    }
    hasRequired |= type.hasRequired();
    return new ProtoMessage(type);
  }

  private void enter() throws IOException {
    if (++depth > MOST_DEPTH) {
      throw new IOException("messages are in each other more than %d times".formatted(MOST_DEPTH));
    }
  }

  private void fields(ProtoMessage message, int end) throws IOException {
    while (wire.isBefore(end)) {
      int tag = tag();
      if (!field(message, tag)) {
        throw new IOException(
            "the end of field %d is in it without its begin".formatted(tag >>> 3));
      }
    }
  }

  private int tag() throws IOException {
    long tag = wire.varint();
    if (tag >>> 32 != 0 || tag >>> 3 == 0) {
      throw new IOException("%s is no field".formatted(Long.toUnsignedString(tag >>> 3)));
    }
    return (int) tag;
  }

  /** Reads a field, unless the tag is the end of one. */
  private boolean field(ProtoMessage message, int tag) throws IOException {
    int kind = tag & 7;
    if (kind == Wire.GROUP_END) {
      return false;
    }
    ProtoField field = message.type().field(tag >>> 3);
    if (field == null) {
      skip(tag);
      return true;
    }
    try {
      value(message, field, kind);
    } catch (WrongValueException e) {
      throw new IOException("field '%s': %s".formatted(field.name(), e.getMessage()), e);
    }
    return true;
  }

  private void value(ProtoMessage message, ProtoField field, int kind) throws IOException {
    Object before = message.written(field);
    if (field.type() instanceof MapOf map && kind == Wire.LENGTH) {
      entry(map, before, message, field);
    } else if (field.isRepeated()) {
      List<Object> items = list(before);
      if (before == null) {
        message.put(field, items);
      }
      if (kind == Wire.LENGTH && field.wire() != Wire.LENGTH && !field.isGroup()) {
        packed(field.type(), items);
      } else {
        requireKind(field.wire(), kind);
        items.add(one(field, null));
      }
    } else {
      requireKind(field.wire(), kind);
      message.put(field, one(field, before));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(@Nullable Object before) {
    return before == null ? new ArrayList<>() : (List<Object>) before;
  }

  private static void requireKind(int expected, int kind) throws IOException {
    if (kind != expected) {
      throw new WrongValueException(
          "it is written as wire type %d, and its type as %d".formatted(kind, expected));
    }
  }

  private void packed(ProtoType type, List<Object> items) throws IOException {
    int end = wire.lengthEnd();
    int outer = wire.limit(end);
    while (wire.isBefore(end)) {
      items.add(scalar(type));
    }
    wire.limit(outer);
  }

  /** The two fields of an entry, of which any may not be there or be there several times. */
  @SuppressWarnings("unchecked")
  private void entry(MapOf map, @Nullable Object before, ProtoMessage message, ProtoField field)
      throws IOException {
    int end = wire.lengthEnd();
    int outer = wire.limit(end);
    Object key = map.key().initial();
    Object value = null;
    while (wire.isBefore(end)) {
      int tag = tag();
      if (tag >>> 3 == 1) {
        requireKind(map.key().wire(), tag & 7);
        key = scalar(map.key());
      } else if (tag >>> 3 == 2) {
        requireKind(map.value().wire(), tag & 7);
        value = map.value() instanceof MessageType type ? nested(type, value) : scalar(map.value());
      } else if ((tag & 7) == Wire.GROUP_END) {
        throw new IOException("the end of a field is in it without its begin");
      } else {
        skip(tag);
      }
    }
    wire.limit(outer);
    if (value == null) {
      value = map.value() instanceof MessageType type ? message(type) : map.value().initial();
    }
    Map<Object, Object> entries =
        before == null ? new LinkedHashMap<>() : (Map<Object, Object>) before;
    entries.put(key, value);
    message.put(field, entries);
  }

  private Object one(ProtoField field, @Nullable Object before) throws IOException {
    if (!(field.type() instanceof MessageType type)) {
      return scalar(field.type());
    }
    return field.isGroup() ? group(type, before, field.number()) : nested(type, before);
  }

  /** A message that is there twice has the fields of both. */
  private ProtoMessage nested(MessageType type, @Nullable Object before) throws IOException {
    enter();
    int end = wire.lengthEnd();
    int outer = wire.limit(end);
    ProtoMessage message = before instanceof ProtoMessage begun ? begun : message(type);
    fields(message, end);
    wire.limit(outer);
    depth--;
    return message;
  }

  private ProtoMessage group(MessageType type, @Nullable Object before, int number)
      throws IOException {
    enter();
    ProtoMessage message = before instanceof ProtoMessage begun ? begun : message(type);
    for (int tag = tag(); ; tag = tag()) {
      if (!field(message, tag)) {
        requireEnd(tag, number);
        depth--;
        return message;
      }
    }
  }

  private static void requireEnd(int tag, int number) throws IOException {
    if (tag >>> 3 != number) {
      throw new IOException("field %d ends as field %d".formatted(number, tag >>> 3));
    }
  }

  private void skip(int tag) throws IOException {
    switch (tag & 7) {
      case Wire.VARINT -> wire.varint();
      case Wire.FIXED32 -> wire.fixed32();
      case Wire.FIXED64 -> wire.fixed64();
      case Wire.LENGTH -> {
        int end = wire.lengthEnd();
        wire.skipTo(end);
      }
      case Wire.GROUP -> {
        enter();
        int next = tag();
        while ((next & 7) != Wire.GROUP_END) {
          skip(next);
          next = tag();
        }
        requireEnd(next, tag >>> 3);
        depth--;
      }
      default -> throw new IOException("%d is no wire type".formatted(tag & 7));
    }
  }

  private Object scalar(ProtoType type) throws IOException {
    if (type instanceof Enumeration) {
      return int32(wire.varint());
    }
    return switch ((Scalar) type) {
      case BOOL -> {
        long value = wire.varint();
        if (value != 0 && value != 1) {
          throw new WrongValueException("a boolean is %s".formatted(Long.toUnsignedString(value)));
        }
        yield value == 1;
      }
      case INT32 -> int32(wire.varint());
      case SINT32 -> {
        long value = uint32(wire.varint());
        yield value >>> 1 ^ -(value & 1);
      }
      case UINT32 -> uint32(wire.varint());
      case INT64, UINT64 -> wire.varint();
      case SINT64 -> {
        long value = wire.varint();
        yield value >>> 1 ^ -(value & 1);
      }
      case SFIXED32 -> (long) wire.fixed32();
      case FIXED32 -> Integer.toUnsignedLong(wire.fixed32());
      case SFIXED64, FIXED64 -> wire.fixed64();
      case FLOAT -> Float.intBitsToFloat(wire.fixed32());
      case DOUBLE -> Double.longBitsToDouble(wire.fixed64());
      case STRING -> wire.text();
      case BYTES -> wire.bytes();
    };
  }

  private static long int32(long value) throws IOException {
    if (value != (int) value) {
      throw new WrongValueException("%d is no number of 32 bits".formatted(value));
    }
    return value;
  }

  private static long uint32(long value) throws IOException {
    if (value >>> 32 != 0) {
      throw new WrongValueException(
          "%s is no number of 32 bits".formatted(Long.toUnsignedString(value)));
    }
    return value;
  }

  private static void requireWhole(ProtoMessage message) throws IOException {
    for (ProtoField field : message.type().fields()) {
      Object value = message.written(field);
      if (value == null && field.presence() == ProtoField.Presence.REQUIRED) {
        throw new IOException(
            "the field '%s' of '%s' is missing".formatted(field.name(), message.type().name()));
      }
      if (value instanceof ProtoMessage inner) {
        requireWhole(inner);
      } else if (value instanceof List<?> || value instanceof Map<?, ?>) {
        for (Object item : value instanceof Map<?, ?> map ? map.values() : (List<?>) value) {
          if (item instanceof ProtoMessage inner) {
            requireWhole(inner);
          }
        }
      }
    }
  }

  /** What a field says that cannot be its value; the field's name is added where it is known. */
  private static final class WrongValueException extends IOException {
    private static final long serialVersionUID = 1;

    WrongValueException(String reason) {
      super(reason);
    }
  }
}
