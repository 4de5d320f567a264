package io.headrace.conversion;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Unpacks archives. */
final class Zip {
  /** No data that people pack shrinks that much, but zeros do. */
  private static final long MOST_RATIO = 1_000;

  /** What is smaller may shrink as it likes. */
  private static final long HARMLESS_BYTES = 100_000_000;

  private static final int BUFFER = 1 << 16;

  private Zip() {}

  /** Makes places for files. */
  @FunctionalInterface
  interface Places {
    Path next() throws IOException;
  }

  /**
   * Unpacks all files in an archive; their own names mean nothing.
   *
   * @throws HeadraceException if it is no archive, is damaged or encrypted, or is much larger than
   *     it looks
   */
  static List<Path> unpack(Path archive, Places places, Cancellation cancel) throws IOException {
    List<Path> files = new ArrayList<>();
    long mostInAll = Math.max(HARMLESS_BYTES, Files.size(archive) * MOST_RATIO);
    long total = 0;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        // Some systems add files of their own.
        if (!entry.isDirectory() && !name.startsWith("__MACOSX/")) {
          Path file = places.next();
          try (CheckedInputStream in =
                  new CheckedInputStream(zip.getInputStream(entry), new CRC32());
              OutputStream out = Files.newOutputStream(file)) {
            total += copy(archive, entry, in, out, mostInAll - total, cancel);
            requireIntact(archive, entry, in.getChecksum().getValue());
          }
          files.add(file);
        }
      }
    } catch (ZipException e) {
      throw new HeadraceException(
          "Cannot unpack '%s': %s".formatted(archive, e.getMessage()),
          "Is it a zip archive, complete and not encrypted?",
          e);
    }
    if (files.isEmpty()) {
      throw new HeadraceException(
          "There is no file in the archive '%s'".formatted(archive), "Is it the right one?");
    }
    return files;
  }

  /** Java compares what it reads with the sum only if it reads an archive from front to end. */
  private static void requireIntact(Path archive, ZipEntry entry, long sum) {
    if (entry.getCrc() >= 0 && entry.getCrc() != sum) {
      throw new HeadraceException(
          "'%s' in the archive '%s' is damaged: its check sum is wrong"
              .formatted(entry.getName(), archive),
          "Write or copy the archive again");
    }
  }

  /** Copies an entry, and returns how many bytes it has. */
  private static long copy(
      Path archive,
      ZipEntry entry,
      InputStream in,
      OutputStream out,
      long mostLeft,
      Cancellation cancel)
      throws IOException {
    long most =
        Math.min(
            mostLeft,
            Math.max(HARMLESS_BYTES, Math.max(1, entry.getCompressedSize()) * MOST_RATIO));
    byte[] buffer = new byte[BUFFER];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      cancel.throwIfRequested();
      copied += n;
      if (copied > most) {
        throw new HeadraceException(
            "'%s' in the archive '%s' is more than %,d times as large as it looks"
                .formatted(entry.getName(), archive, MOST_RATIO),
            "If it is no trap, unpack it yourself");
      }
      out.write(buffer, 0, n);
    }
    return copied;
  }
}
