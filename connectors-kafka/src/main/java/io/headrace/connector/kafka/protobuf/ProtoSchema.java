package io.headrace.connector.kafka.protobuf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The types of messages of a schema. Immutable.
 *
 * @param top the types that are not in others
 * @param nested by type, those that are in it, in the order of the schema
 */
public record ProtoSchema(List<MessageType> top, Map<MessageType, List<MessageType>> nested) {
  public ProtoSchema {
    top = List.copyOf(top);
    nested = Map.copyOf(nested);
  }

  /**
   * Reads the text of a schema. Those of google/protobuf that mean one value each are known.
   *
   * @param imports texts by the names that imports have
   */
  public static ProtoSchema parse(String text, Map<String, String> imports)
      throws SchemaTextException {
    return new SchemaLinker(imports).link(text);
  }

  /** The type that is in no other, if there is one only. */
  public Optional<MessageType> only() {
    return top.size() == 1 ? Optional.of(top.get(0)) : Optional.empty();
  }

  /** The names of all types. */
  public List<String> names() {
    return nested.keySet().stream().map(MessageType::name).sorted().toList();
  }

  /** The type with a name, which is its full one, or one that only one type has. */
  public Optional<MessageType> find(String name) {
    List<MessageType> all = nested.keySet().stream().toList();
    Optional<MessageType> exact = all.stream().filter(t -> t.name().equals(name)).findFirst();
    List<MessageType> ending =
        all.stream().filter(type -> type.name().endsWith("." + name)).toList();
    return exact.isPresent() || ending.size() != 1 ? exact : Optional.of(ending.get(0));
  }

  /**
   * The type that numbers of types lead to: the first one is of those that are in no other, the
   * next of those in it.
   */
  public Optional<MessageType> at(List<Integer> numbers) {
    List<MessageType> types = top;
    Optional<MessageType> found = Optional.empty();
    for (int number : numbers) {
      if (number < 0 || number >= types.size()) {
        return Optional.empty();
      }
      MessageType type = types.get(number);
      types = nested.getOrDefault(type, List.of());
      found = Optional.of(type);
    }
    return found;
  }
}
