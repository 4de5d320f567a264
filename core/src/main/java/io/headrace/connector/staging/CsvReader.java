package io.headrace.connector.staging;

import io.headrace.engine.Session.ExportFormat;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@link ExportFormat#QUOTED_CSV}. Not for several threads. */
public final class CsvReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final BufferedReader in;
  private final @Nullable String[] values;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param columns how many values a row has, one or more
   */
  public CsvReader(Path file, int columns) throws IOException {
    this.in = Files.newBufferedReader(file);
    this.values = new String[columns];
  }

  /** How many bytes the longest row of a file has, with its end. */
  public static int longestRow(Path file) throws IOException {
    long longest = 0;
    long row = 0;
    boolean quoted = false;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        for (int i = 0; i < length; i++) {
          row++;
          // The two of a doubled one take each other back.
          quoted ^= buffer[i] == '"';
          if (buffer[i] == '\n' && !quoted) {
            longest = Math.max(longest, row);
            row = 0;
          }
        }
      }
    }
    return Math.toIntExact(Math.max(longest, row));
  }

  /** Goes to the next row; false if there is none. */
  public boolean next() throws IOException {
    int c = in.read();
    if (c < 0) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      boolean isQuoted = c == '"';
      values[i] = isQuoted ? quoted() : null;
      int end = isQuoted ? in.read() : c;
      boolean isLast = i == values.length - 1;
      if (end != (isLast ? '\n' : ',')) {
        throw new EOFException("The file is not whole");
      }
      c = isLast ? end : in.read();
    }
    return true;
  }

  /** A value of the row; null if it is none. */
  public @Nullable String value(int index) {
    return values[index];
  }

  /** The value whose first quote was read; reads the last one. */
  private String quoted() throws IOException {
    text.setLength(0);
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("The file is not whole");
      }
      if (c == '"') {
        in.mark(1);
        if (in.read() != '"') {
          in.reset();
          return text.toString();
        }
      }
      text.append((char) c);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
