package io.headrace.bytes;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that readers see as they were or as they are, also after the power went. */
public final class DurableFiles {
  private DurableFiles() {}

  /**
   * Puts a file in the place of another, or where none is. It is synced, and so is that it is
   * there.
   *
   * @param old of the same folder as {@code fresh}
   */
  public static void replace(Path fresh, Path old) throws IOException {
    sync(fresh, StandardOpenOption.WRITE);
    Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(requireNonNull(old.getParent()), StandardOpenOption.READ);
  }

  /** Writes a file, whose folder is there, in place of what was there. */
  public static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.writeString(fresh, text);
      replace(fresh, file);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void sync(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
