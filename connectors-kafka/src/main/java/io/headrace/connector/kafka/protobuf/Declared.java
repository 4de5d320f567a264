package io.headrace.connector.kafka.protobuf;

import io.headrace.connector.kafka.protobuf.Tokens.Token;
import java.util.List;
import java.util.Map;

/** What a file of a schema says, with names that are not looked up yet. */
sealed interface Declared {
  /** Where it begins. */
  Token at();

  /** The full name of what it declares. */
  String name();

  /**
   * A file.
   *
   * @param syntax {@code proto2}, {@code proto3}, or the year of an edition
   * @param options by name, such as {@code features.field_presence}
   */
  record File(
      Tokens tokens,
      String name,
      String syntax,
      List<String> imports,
      Map<String, String> options,
      List<Message> messages,
      List<Enumeration> enumerations) {}

  /** A type of messages. */
  record Message(
      Token at,
      String name,
      List<Field> fields,
      List<Message> messages,
      List<Enumeration> enumerations)
      implements Declared {}

  /**
   * A type of enumerations.
   *
   * @param values names by number, the first one of each
   */
  record Enumeration(Token at, String name, Map<Long, String> values, long first)
      implements Declared {}

  /**
   * A field of a message.
   *
   * @param label the word before the type, or empty
   * @param key the type of the keys of a map, or empty
   * @param oneof the name of those fields of which one is there, or empty
   * @param isGroup whether it has an end and not a length
   */
  record Field(
      Token at,
      String label,
      String key,
      String type,
      String name,
      int number,
      String oneof,
      boolean isGroup,
      Map<String, String> options) {}
}
