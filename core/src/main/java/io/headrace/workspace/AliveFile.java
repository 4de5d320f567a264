package io.headrace.workspace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that says that whoever made it is alive. Its process holds a lock on it, which the
 * operating system lets go when the process dies, however it dies.
 */
public final class AliveFile implements AutoCloseable {
  /**
   * The files of this process. A process must not open its own a second time: closing it again
   * would let the lock go.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private AliveFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Makes the file, whose folder is there; nobody else ever uses its name. */
  public static AliveFile create(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    OWN.add(absolute);
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(absolute, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileLock lock = channel.lock();
        // Somebody may have taken it for a dead one's and away, before it was locked.
        if (lock.isValid() && Files.exists(absolute)) {
          return new AliveFile(absolute, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      OWN.remove(absolute);
      throw e;
    }
  }

  /** Whether the maker of the file is dead, or there is no such file. */
  public static boolean isDead(Path file) throws IOException {
    if (OWN.contains(file.toAbsolutePath().normalize())) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** Takes the file away. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      OWN.remove(file);
    }
  }
}
