package io.headrace.connector.kafka;

import org.jspecify.annotations.Nullable;

/** Takes the fields of messages, one message after the other. Not for several threads. */
interface MessageFields {
  /**
   * Reads a message.
   *
   * @return why its fields cannot be taken, or null if they were
   * @throws io.headrace.error.HeadraceException if that cannot be told now, so that nothing may be
   *     said of the message
   */
  @Nullable String read(byte[] message);

  /** The text of a field of the last message, or null. */
  @Nullable String text(int field);
}
