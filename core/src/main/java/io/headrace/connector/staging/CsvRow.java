package io.headrace.connector.staging;

import java.io.IOException;
import java.util.Arrays;

/**
 * A row of CSV that is put together. NULL is nothing, empty text is a pair of quotes. Not for
 * several threads.
 */
public final class CsvRow {
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[1 << 12];
  private int length;

  /** Begins the next column. */
  public void separate() {
    put(',');
  }

  /** Text without quotes, commas and line ends in it, of ASCII. */
  public void plain(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  /**
   * Any text in quotes.
   *
   * @return false if it is no text, but has half of a character
   */
  public boolean quoted(String text) {
    put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ensure(4);
      if (c < 0x80) {
        if (c == '"') {
          bytes[length++] = '"';
        }
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xc0 | (c >> 6));
        continuation(c);
      } else if (!Character.isSurrogate(c)) {
        bytes[length++] = (byte) (0xe0 | (c >> 12));
        continuation(c >> 6);
        continuation(c);
      } else {
        int point = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(point)) {
          return false;
        }
        i++;
        bytes[length++] = (byte) (0xf0 | (point >> 18));
        continuation(point >> 12);
        continuation(point >> 6);
        continuation(point);
      }
    }
    put('"');
    return true;
  }

  private void continuation(int bits) {
    bytes[length++] = (byte) (0x80 | (bits & 0x3f));
  }

  private void put(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes =
          Arrays.copyOf(
              bytes,
              Math.max((int) Math.min(bytes.length * 2L, LARGEST), Math.addExact(length, more)));
    }
  }

  /** Ends the row, adds it to the files, and starts the next one. */
  public void end(CsvFiles files) throws IOException {
    put('\n');
    files.add(bytes, length);
    length = 0;
  }
}
