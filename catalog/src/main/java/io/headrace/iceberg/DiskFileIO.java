package io.headrace.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * Iceberg's view of a {@link Disk}. Every file that it writes is durable once its stream is closed;
 * the names in the folder are not, that is for the caller to see to. Used by one thread, for one
 * operation.
 */
final class DiskFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  private final transient Disk disk;
  private final transient List<SyncedStream> written = new ArrayList<>();

  DiskFileIO(Disk disk) {
    this.disk = disk;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new WholeFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new NewFile(location);
  }

  @Override
  public void deleteFile(String location) {
    try {
      disk.delete(Layout.toPath(location));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes away what was written, as far as that is possible: nobody knows of it yet. */
  void discard() {
    for (SyncedStream stream : written) {
      stream.abandon();
      try {
        disk.delete(stream.file);
      } catch (IOException e) {
        // Without a reference to it the file is garbage that a later collection finds.
      }
    }
  }

  private final class NewFile implements OutputFile {
    private final String location;

    NewFile(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      try {
        Path file = Layout.toPath(location);
        SyncedStream stream = new SyncedStream(file, disk.create(file));
        written.add(stream);
        return stream;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return create();
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return newInputFile(location);
    }
  }

  /** A buffer before a {@link Disk.Output} that syncs when it is closed. */
  private static final class SyncedStream extends PositionOutputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path file;
    private final Disk.Output output;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long flushed;
    private boolean closed;

    SyncedStream(Path file, Disk.Output output) {
      this.file = file;
      this.output = output;
    }

    @Override
    public long getPos() {
      return flushed + buffered;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (closed) {
        throw new IOException("Stream is closed");
      }
      if (length > buffer.length - buffered) {
        drain();
      }
      if (length > buffer.length) {
        output.write(bytes, offset, length);
        flushed += length;
      } else {
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered += length;
      }
    }

    private void drain() throws IOException {
      if (buffered > 0) {
        output.write(buffer, 0, buffered);
        flushed += buffered;
        buffered = 0;
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (output) {
        drain();
        output.sync();
      }
      buffer = new byte[0];
    }

    void abandon() {
      closed = true;
      try {
        output.close();
      } catch (IOException e) {
        // The file is given up anyway.
      }
    }
  }

  /** A metadata file, which is small: it is read in one go. */
  private record WholeFile(String location) implements InputFile {

    @Override
    public long getLength() {
      try {
        return Files.size(Layout.toPath(location));
      } catch (IOException e) {
        throw failure(e);
      }
    }

    @Override
    public SeekableInputStream newStream() {
      try {
        return new BytesStream(Files.readAllBytes(Layout.toPath(location)));
      } catch (IOException e) {
        throw failure(e);
      }
    }

    private RuntimeException failure(IOException e) {
      return e instanceof NoSuchFileException
          ? new NotFoundException(e, "%s", Layout.toPlainPath(location))
          : new UncheckedIOException(e);
    }

    @Override
    public boolean exists() {
      return Files.exists(Layout.toPath(location));
    }
  }

  private static final class BytesStream extends SeekableInputStream {
    private final byte[] bytes;
    private int position;

    BytesStream(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long newPosition) throws IOException {
      if (newPosition < 0 || newPosition > bytes.length) {
        throw new IOException("Position %d is outside the file".formatted(newPosition));
      }
      position = (int) newPosition;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position >= bytes.length) {
        return length == 0 ? 0 : -1;
      }
      int count = Math.min(length, bytes.length - position);
      System.arraycopy(bytes, position, target, offset, count);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return bytes.length - position;
    }
  }
}
