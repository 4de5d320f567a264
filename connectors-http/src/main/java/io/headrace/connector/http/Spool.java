package io.headrace.connector.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The body of one answer at a time, on disk. The file has no name any more once it is open, where
 * the system allows that: a killed process leaves nothing. Not for several threads.
 */
final class Spool implements AutoCloseable {
  private final FileChannel file;

  /**
   * @param folder for temporary files
   */
  Spool(Path folder) throws IOException {
    this.file =
        FileChannel.open(
            folder.resolve("answer-" + UUID.randomUUID()),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Forgets what was there; writes another body. */
  OutputStream write() throws IOException {
    file.truncate(0);
    return Channels.newOutputStream(file);
  }

  /** Reads the body from its beginning. Closing the stream does not forget it. */
  InputStream read() throws IOException {
    file.position(0);
    return new FilterInputStream(Channels.newInputStream(file)) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return in.read(bytes, offset, length);
      }

      @Override
      public void close() {
        // The file is closed with the spool.
      }
    };
  }

  /** Tells the body from others. */
  String digest() throws IOException {
    return digest(read());
  }

  /** Tells what a stream has from anything else; reads it to its end and closes it. */
  static String digest(InputStream content) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
