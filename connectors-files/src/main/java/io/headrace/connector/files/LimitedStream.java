package io.headrace.connector.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes of which only so many may be read without a word that all is well. */
final class LimitedStream extends FilterInputStream {
  private final int most;
  private int read;

  LimitedStream(InputStream in, int most) {
    super(in);
    this.most = most;
  }

  /** Begins to count afresh. */
  void restart() {
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
    int n = super.read(bytes, offset, length);
    count(Math.max(0, n));
    return n;
  }

  private void count(int n) throws IOException {
    read += n;
    if (read > most) {
      throw new IOException("an element is larger than %,d MB".formatted(most >> 20));
    }
  }
}
