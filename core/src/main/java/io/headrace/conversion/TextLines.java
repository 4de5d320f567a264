package io.headrace.conversion;

import io.headrace.bytes.Gunzip;
import io.headrace.error.HeadraceException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines of a text file, of which some can be given back. Not for several threads. */
final class TextLines implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final HexFormat HEX = HexFormat.of().withPrefix("\\x");

  /** Who opens a file of lines that are longer than that has another file in mind. */
  private static final int MOST_BYTES = 16 << 20;

  private final Path path;
  private final InputStream file;
  private final InputStream in;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final Deque<Line> givenBack = new ArrayDeque<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long read;

  private TextLines(Path path, InputStream file, InputStream in) {
    this.path = path;
    this.file = file;
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
  }

  static TextLines of(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    boolean isPacked = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    return new TextLines(file, in, isPacked ? new Gunzip(in) : in);
  }

  /**
   * A line.
   *
   * @param number from 1 on
   * @param text without what ends it; each byte as {@code \xHH} if it is no text
   * @param end what ends it
   */
  record Line(long number, String text, boolean isText, String end) {}

  /**
   * The next line, or null behind the last one.
   *
   * @throws HeadraceException if it is longer than any record
   */
  @Nullable Line next() throws IOException {
    Line known = givenBack.poll();
    if (known != null) {
      return known;
    }
    bytes.reset();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (bytes.size() == MOST_BYTES) {
        throw new HeadraceException(
            "Line %,d of '%s' has more than %,d MB".formatted(read + 1, path, MOST_BYTES >> 20),
            "Is it the right file, or is there a line end missing?");
      }
      bytes.write(c);
      c = in.read();
    }
    byte[] line = bytes.toByteArray();
    boolean hasReturn = line.length > 0 && line[line.length - 1] == '\r';
    int start = read == 0 && startsWithMark(line) ? 3 : 0;
    int length = line.length - start - (hasReturn ? 1 : 0);
    String end = (hasReturn ? "\r" : "") + (c < 0 ? "" : "\n");
    read++;
    try {
      String text = decoder.decode(ByteBuffer.wrap(line, start, length)).toString();
      return new Line(read, text, true, end);
    } catch (CharacterCodingException e) {
      return new Line(read, HEX.formatHex(line, start, start + length), false, end);
    }
  }

  /** Has {@link #next} return these again, in this order. */
  void giveBack(List<Line> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      givenBack.push(lines.get(i));
    }
  }

  private static boolean startsWithMark(byte[] line) {
    return line.length >= 3
        && line[0] == (byte) 0xef
        && line[1] == (byte) 0xbb
        && line[2] == (byte) 0xbf;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      in.close();
    }
  }
}
