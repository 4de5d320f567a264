package io.headrace.connector.kafka.protobuf;

import io.headrace.engine.Query.DeclaredColumn;
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

  /** Columns that hold all values of its fields, in the order of the schema. */
  public List<DeclaredColumn> columns() {
    return fields.stream()
        .map(field -> new DeclaredColumn(field.name(), ProtoValue.declared(field)))
        .toList();
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
