package io.headrace.bytes;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that ends with an error behind so many bytes: what is small may unpack to more than a
 * disk holds, and some never ends. Not for several threads.
 */
public final class BoundedStream extends FilterInputStream {
  private final long most;
  private final String reason;
  private long read;

  /**
   * @param reason what is wrong if there are more
   */
  public BoundedStream(InputStream in, long most, String reason) {
    super(in);
    this.most = most;
    this.reason = reason;
  }

  /** Begins to count afresh. */
  public void restart() {
    read = 0;
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
      throw new TooLargeException(reason);
    }
  }

  /** There were more bytes. */
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String reason) {
      super(reason);
    }
  }
}
