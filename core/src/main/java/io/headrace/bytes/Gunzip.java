package io.headrace.bytes;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip (RFC 1952). Java's own stream calls itself for each part that unpacks to nothing, so
 * that many of these take all of its stack. Each part is compared with its check sum. Not for
 * several threads.
 */
public final class Gunzip extends InputStream {
  private static final int CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int DEFLATE = 8;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 13];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private int position;
  private int limit;
  private boolean isWithin;
  private boolean isFirst = true;

  /**
   * @param in stays open when this is closed
   */
  public Gunzip(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      while (true) {
        if (!isWithin && !begin()) {
          return -1;
        }
        int count = inflater.inflate(bytes, offset, length);
        if (count > 0 || length == 0) {
          checksum.update(bytes, offset, count);
          return count;
        }
        if (inflater.finished()) {
          position = limit - inflater.getRemaining();
          end();
        } else if (inflater.needsInput()) {
          fill();
          inflater.setInput(buffer, 0, limit);
        } else {
          throw new ZipException("Not what gzip packs");
        }
      }
    } catch (DataFormatException e) {
      throw new ZipException("Not what gzip packs");
    }
  }

  /** Goes into the next part; false if there is none. */
  private boolean begin() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer));
      if (limit == 0) {
        if (isFirst) {
          throw new EOFException("Cut short");
        }
        return false;
      }
    }
    if (next() != 0x1f || next() != 0x8b || next() != DEFLATE) {
      throw new ZipException("Not what gzip packs");
    }
    int flags = next();
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      while ((flags & text) != 0 && next() != 0) {}
    }
    skip((flags & CHECKSUM) != 0 ? 2 : 0);
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
    checksum.reset();
    isFirst = false;
    isWithin = true;
    return true;
  }

  private void end() throws IOException {
    long packed = number();
    long size = number();
    if (packed != checksum.getValue() || size != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new ZipException("Damaged");
    }
    isWithin = false;
  }

  private long number() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private int next() throws IOException {
    if (position == limit) {
      fill();
    }
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    position = 0;
    limit = in.read(buffer);
    if (limit < 0) {
      limit = 0;
      throw new EOFException("Cut short");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
