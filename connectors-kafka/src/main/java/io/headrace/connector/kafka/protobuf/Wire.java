package io.headrace.connector.kafka.protobuf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of one message that anybody may have written. Nothing is made room for that the message
 * is too short for. Not for several threads.
 */
final class Wire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int GROUP = 3;
  static final int GROUP_END = 4;
  static final int FIXED32 = 5;

  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer bytes;

  /**
   * @param from where the message begins
   */
  Wire(byte[] message, int from) {
    this.bytes =
        ByteBuffer.wrap(message, from, message.length - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  int place() {
    return bytes.position();
  }

  boolean isBefore(int end) {
    return bytes.position() < end;
  }

  /** Where what is read ends. */
  int end() {
    return bytes.limit();
  }

  private void require(long length) throws IOException {
    if (length > bytes.remaining()) {
      throw new EOFException(
          "%d bytes are missing at its end".formatted(length - bytes.remaining()));
    }
  }

  long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      require(1);
      byte part = bytes.get();
      if (shift == 63 && (part & 0xfe) != 0) {
        break;
      }
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IOException("a number is too long");
  }

  int fixed32() throws IOException {
    require(Integer.BYTES);
    return bytes.getInt();
  }

  long fixed64() throws IOException {
    require(Long.BYTES);
    return bytes.getLong();
  }

  /** Reads a length, and says where that ends which has it. */
  int lengthEnd() throws IOException {
    long length = varint();
    if (length < 0) {
      throw new IOException("a length is " + Long.toUnsignedString(length));
    }
    require(length);
    return bytes.position() + (int) length;
  }

  void skipTo(int end) {
    bytes.position(end);
  }

  byte[] bytes() throws IOException {
    byte[] value = new byte[lengthEnd() - bytes.position()];
    bytes.get(value);
    return value;
  }

  String text() throws IOException {
    int end = lengthEnd();
    ByteBuffer text = bytes.slice(bytes.position(), end - bytes.position());
    bytes.position(end);
    try {
      return utf8.decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("a text is not UTF-8", e);
    }
  }

  /** Does as if there was nothing behind a place, and says what there was. */
  int limit(int end) {
    int before = bytes.limit();
    bytes.limit(end);
    return before;
  }
}
