package io.headrace.connector.kafka.protobuf;

/**
 * A field of a type of messages.
 *
 * @param index of its value in a {@link ProtoMessage}
 * @param presence whether it is told that it is not there
 * @param oneof the number of those fields of which one is there at most, or -1
 * @param isGroup whether it ends with a mark and has no length
 */
record ProtoField(
    String name,
    int number,
    int index,
    ProtoType type,
    Presence presence,
    int oneof,
    boolean isGroup) {
  /** What it means that a field is not in a message. */
  enum Presence {
    /** It has no value. */
    EXPLICIT,
    /** It has the initial value of its type. */
    IMPLICIT,
    /** The message is not whole. */
    REQUIRED,
    /** It is a list without items. */
    REPEATED
  }

  boolean isRepeated() {
    return presence == Presence.REPEATED;
  }

  int wire() {
    return isGroup ? Wire.GROUP : type.wire();
  }
}
