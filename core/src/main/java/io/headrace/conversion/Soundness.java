package io.headrace.conversion;

import io.headrace.bytes.Gunzip;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipException;

/**
 * Refuses files that are damaged in ways that engines do not notice: they would read fewer rows, or
 * others.
 */
final class Soundness {
  private static final int BUFFER = 1 << 16;
  private static final int END_BYTES = 4096;

  private Soundness() {}

  /**
   * Looks at the files of a scan that an engine reads itself.
   *
   * @throws HeadraceException if one of them is damaged
   */
  static void require(FileScan scan, Cancellation cancel) {
    for (Path file : scan.files()) {
      cancel.throwIfRequested();
      String name = file.toString().toLowerCase(Locale.ROOT);
      try {
        if (name.endsWith(".gz") || "gzip".equals(scan.options().get("compression"))) {
          requireCheckSum(file, cancel);
        } else if (scan.format() == Format.JSON) {
          requireEnd(file);
        }
      } catch (EOFException | ZipException e) {
        throw damaged(file, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw new HeadraceException(
            "Cannot read '%s': %s".formatted(file, e.getMessage()), "Is it there and readable?", e);
      }
    }
  }

  /** Engines unpack, and do not compare the sum at the end. */
  private static void requireCheckSum(Path file, Cancellation cancel) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream packed = Files.newInputStream(file);
        Gunzip in = new Gunzip(packed)) {
      while (in.read(buffer) >= 0) {
        cancel.throwIfRequested();
      }
    }
  }

  /** Engines take a list that is cut off behind a comma for the whole. */
  private static void requireEnd(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.min(END_BYTES, in.length())];
      in.readFully(bytes);
      int first = firstOf(bytes);
      in.seek(in.length() - bytes.length);
      in.readFully(bytes);
      int last = bytes.length - 1;
      while (last >= 0 && isSpace(bytes[last])) {
        last--;
      }
      if (first == '[' && last >= 0 && bytes[last] == ',') {
        throw damaged(file, "it ends in the middle of a list");
      }
    }
  }

  private static int firstOf(byte[] bytes) {
    boolean hasMark =
        bytes.length > 2
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    for (int i = hasMark ? 3 : 0; i < bytes.length; i++) {
      if (!isSpace(bytes[i])) {
        return bytes[i];
      }
    }
    return -1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static HeadraceException damaged(Path file, String reason) {
    return new HeadraceException(
        "Cannot read '%s': %s".formatted(file, reason),
        "It is damaged or not complete: write or copy it again");
  }
}
