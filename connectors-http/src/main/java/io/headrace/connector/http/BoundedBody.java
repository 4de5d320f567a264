package io.headrace.connector.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that ends with an error behind so many bytes: a small answer may unpack to more than a
 * disk holds, and some never end.
 */
final class BoundedBody extends FilterInputStream {
  private final long most;
  private long read;

  BoundedBody(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = super.read(bytes, offset, length);
    count(Math.max(0, count));
    return count;
  }

  private void count(int more) throws TooLargeException {
    read += more;
    if (read > most) {
      throw new TooLargeException();
    }
  }

  /** There were more bytes. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
