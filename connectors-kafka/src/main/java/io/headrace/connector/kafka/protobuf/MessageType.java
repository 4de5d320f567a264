package io.headrace.connector.kafka.protobuf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A type of messages. It never changes once its schema has been read, and is safe for threads. */
public final class MessageType implements ProtoType {
  private final String name;
  private final Optional<WellKnown> wellKnown;
  private final Map<Integer, ProtoField> byNumber = new HashMap<>();
  private final Map<String, ProtoField> byName = new HashMap<>();
  private List<ProtoField> fields = List.of();
  private boolean hasRequired;

  MessageType(String name, Optional<WellKnown> wellKnown) {
    this.name = name;
    this.wellKnown = wellKnown;
  }

  /** Types name each other, so that their fields are known only when all types are. */
  void link(List<ProtoField> all) {
    fields = List.copyOf(all);
    for (ProtoField field : all) {
      byNumber.put(field.number(), field);
      byName.put(field.name(), field);
      hasRequired |= field.presence() == ProtoField.Presence.REQUIRED;
    }
  }

  /** Its full name, such as {@code shop.Click}. */
  public String name() {
    return name;
  }

  /** The names of its fields, in the order of the schema. */
  public List<String> fieldNames() {
    return fields.stream().map(ProtoField::name).toList();
  }

  /** The type of a column that holds all values of a field, as a project would declare it. */
  public String declared(String field) {
    ProtoField found = byName.get(field);
    if (found == null) {
      throw new IllegalArgumentException("No field '%s'".formatted(field));
    }
    return ProtoValue.declared(found);
  }

  List<ProtoField> fields() {
    return fields;
  }

  @Nullable ProtoField field(int number) {
    return byNumber.get(number);
  }

  @Nullable ProtoField field(String named) {
    return byName.get(named);
  }

  /** Whether it has fields without which a message is not whole. */
  boolean hasRequired() {
    return hasRequired;
  }

  /** What is meant by it, if it is one that everybody knows. */
  Optional<WellKnown> wellKnown() {
    return wellKnown;
  }

  @Override
  public int wire() {
    return Wire.LENGTH;
  }

  @Override
  public Object initial() {
    return new ProtoMessage(this);
  }
}
