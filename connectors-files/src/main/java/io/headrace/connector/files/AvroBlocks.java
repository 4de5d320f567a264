package io.headrace.connector.files;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Follows the blocks of an Avro file without reading what is in them. The reader believes what a
 * block says of its size, and takes one that is cut off for the end.
 */
final class AvroBlocks {
  private static final int SYNC_BYTES = 16;

  /** Rows for each packed byte; of more, nearly none would take any room. */
  private static final long MOST_ROWS = 100_000;

  private AvroBlocks() {}

  /**
   * Goes through to the end.
   *
   * @param header the bytes in front of the first block
   * @throws IOException if a block is cut off, or cannot be what it says
   */
  static void require(Path file, long header) throws IOException {
    long left = Files.size(file) - header;
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw))) {
      in.skipNBytes(header - SYNC_BYTES);
      byte[] sync = in.readNBytes(SYNC_BYTES);
      byte[] found = new byte[SYNC_BYTES];
      while (left > 0) {
        Varint rows = Varint.read(in);
        Varint size = Varint.read(in);
        left -= rows.bytes() + size.bytes();
        if (size.value() < 0 || size.value() > left - SYNC_BYTES) {
          throw new IOException("it ends in the middle of a block");
        }
        if (rows.value() < 0 || rows.value() / MOST_ROWS > size.value()) {
          throw new IOException("a block says that it has %,d rows".formatted(rows.value()));
        }
        in.skipNBytes(size.value());
        in.readFully(found);
        left -= size.value() + SYNC_BYTES;
        if (!Arrays.equals(sync, found)) {
          throw new IOException("a block does not end where it says");
        }
      }
    } catch (EOFException e) {
      throw new IOException("it ends in the middle of a block", e);
    }
  }

  /**
   * A number as Avro writes it.
   *
   * @param bytes how many it takes
   */
  private record Varint(long value, int bytes) {
    static Varint read(InputStream in) throws IOException {
      long raw = 0;
      for (int i = 0; i < 10; i++) {
        int b = in.read();
        if (b < 0) {
          throw new EOFException();
        }
        raw |= (long) (b & 0x7f) << (7 * i);
        if (b < 0x80) {
          return new Varint((raw >>> 1) ^ -(raw & 1), i + 1);
        }
      }
      throw new IOException("a block begins with no number");
    }
  }
}
