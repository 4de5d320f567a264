package io.headrace.connector.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding of one message that anybody may have written. Nothing is made room for
 * that the message is too short for, and what is not just as Avro writes it is refused: text that
 * is not UTF-8, a boolean that is neither 0 nor 1, a number that is too large for its type. Not for
 * several threads.
 */
final class BoundedDecoder extends Decoder {
  /** Items of lists that take no bytes, such as nulls, of one message. */
  private static final int MOST_EMPTY_ITEMS = 10_000;

  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer bytes;
  private long items;

  /**
   * @param from where the value begins
   */
  BoundedDecoder(byte[] message, int from) {
    this.bytes =
        ByteBuffer.wrap(message, from, message.length - from).order(ByteOrder.LITTLE_ENDIAN);
    this.items = (long) message.length - from + MOST_EMPTY_ITEMS;
  }

  /** How many bytes were not read. */
  int rest() {
    return bytes.remaining();
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    byte value = next();
    if (value != 0 && value != 1) {
      throw new IOException("a boolean is " + value);
    }
    return value == 1;
  }

  private byte next() throws IOException {
    require(1);
    return bytes.get();
  }

  private void require(long length) throws IOException {
    if (length < 0) {
      throw new IOException("a length is " + length);
    }
    if (length > bytes.remaining()) {
      throw new EOFException(
          "%d bytes are missing at its end".formatted(length - bytes.remaining()));
    }
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("%d is no int".formatted(value));
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte part = next();
      if (shift == 63 && (part & 0xfe) != 0) {
        break;
      }
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IOException("a number is too long");
  }

  @Override
  public float readFloat() throws IOException {
    require(Float.BYTES);
    return bytes.getFloat();
  }

  @Override
  public double readDouble() throws IOException {
    require(Double.BYTES);
    return bytes.getDouble();
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    return new Utf8(readString());
  }

  @Override
  public String readString() throws IOException {
    ByteBuffer text = block();
    try {
      return utf8.decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("a text is not UTF-8", e);
    }
  }

  /** The bytes behind their length. */
  private ByteBuffer block() throws IOException {
    long length = readLong();
    require(length);
    ByteBuffer block = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    return block;
  }

  @Override
  public void skipString() throws IOException {
    skipBytes();
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    return block();
  }

  @Override
  public void skipBytes() throws IOException {
    ByteBuffer unused = block();
  }

  @Override
  public void readFixed(byte[] into, int start, int length) throws IOException {
    require(length);
    bytes.get(into, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    require(length);
    bytes.position(bytes.position() + length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    long count = readLong();
    if (count < 0) {
      // Then the length of the block in bytes follows, which only those need who skip it.
      count = Math.negateExact(count);
      require(readLong());
    }
    items -= count;
    if (count < 0 || items < 0) {
      throw new IOException("a list has more items than bytes");
    }
    return count;
  }

  @Override
  public long arrayNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipArray() throws IOException {
    return readArrayStart();
  }

  @Override
  public long readMapStart() throws IOException {
    return readArrayStart();
  }

  @Override
  public long mapNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipMap() throws IOException {
    return readArrayStart();
  }
}
