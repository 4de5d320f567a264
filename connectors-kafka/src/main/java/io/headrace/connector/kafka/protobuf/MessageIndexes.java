package io.headrace.connector.kafka.protobuf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which type of a schema a message is of, as is said before one that was written with a registry.
 *
 * @param numbers of types, as {@link ProtoSchema#at} takes them
 * @param end where the message begins
 */
public record MessageIndexes(List<Integer> numbers, int end) {
  private static final int MOST = 100;

  public MessageIndexes {
    numbers = List.copyOf(numbers);
  }

  /**
   * Reads how many numbers there are, and them. Without any, it is the first type.
   *
   * @throws IOException if there are none that types may have
   */
  public static MessageIndexes read(byte[] bytes, int from) throws IOException {
    Wire wire = new Wire(bytes, from);
    int count = number(wire, MOST);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(number(wire, Integer.MAX_VALUE));
    }
    return new MessageIndexes(count == 0 ? List.of(0) : numbers, wire.place());
  }

  /** Numbers are written such that small ones below zero would be short too. */
  private static int number(Wire wire, int most) throws IOException {
    long value = wire.varint();
    if ((value & 1) != 0 || value >>> 1 > most) {
      throw new IOException("no number of a type is " + Long.toUnsignedString(value));
    }
    return (int) (value >>> 1);
  }
}
