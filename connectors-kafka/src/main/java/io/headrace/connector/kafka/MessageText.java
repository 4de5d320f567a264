package io.headrace.connector.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Bytes of messages as text. Not for several threads. */
final class MessageText {
  private static final HexFormat HEX = HexFormat.of().withPrefix("\\x");

  // Which reports what is not UTF-8.
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  /** The text, or empty if the bytes are none. */
  Optional<String> of(byte[] bytes) {
    try {
      return Optional.of(decoder.decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Each byte as {@code \xHH}, which {@code ::BLOB} reads. */
  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  /** Whether every character is all there. */
  static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The text with a mark in place of halves of characters. */
  static String whole(String text) {
    return isWhole(text)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
