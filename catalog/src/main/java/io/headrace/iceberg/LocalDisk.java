package io.headrace.iceberg;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk that Java's own file channels reach. */
enum LocalDisk implements Disk {
  INSTANCE;

  /** Windows keeps names durable by itself and refuses to open a folder. */
  private static final boolean FOLDERS_CAN_BE_SYNCED = File.separatorChar == '/';

  @Override
  public void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  @Override
  public Output create(Path file) throws IOException {
    return new ChannelOutput(FileChannel.open(file, CREATE_NEW, WRITE));
  }

  @Override
  public long sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      channel.force(true);
      return channel.size();
    }
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    if (FOLDERS_CAN_BE_SYNCED) {
      try (FileChannel channel = FileChannel.open(folder, READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private record ChannelOutput(FileChannel channel) implements Output {

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
