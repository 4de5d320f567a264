package io.headrace.workspace;

import io.headrace.bytes.FileTrees;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder for what an engine cannot keep in memory, and for other files that nobody needs later.
 * Each user has one of its own, so that what a dead process left, which is garbage, can be told
 * from what a live one needs. Closing it deletes all that is in it.
 */
public final class Scratch implements AutoCloseable {
  private static final String ALIVE = ".alive";

  private final Path folder;
  private final AliveFile alive;

  private Scratch(Path folder, AliveFile alive) {
    this.folder = folder;
    this.alive = alive;
  }

  /** Claims a name below {@code parent}; the folder itself is for its user to make. */
  static Scratch below(Path parent) {
    try {
      Path folder = Files.createDirectories(parent).resolve(UUID.randomUUID().toString());
      return new Scratch(folder, AliveFile.create(parent.resolve(folder.getFileName() + ALIVE)));
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot make a folder for temporary files in '%s': %s".formatted(parent, e.getMessage()),
          "Is the disk full, or the folder not writable?",
          e);
    }
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /** What dead processes left below {@code parent}, each folder after all that is in it. */
  public static List<Path> abandoned(Path parent) {
    List<Path> abandoned = new ArrayList<>();
    if (!Files.isDirectory(parent)) {
      return abandoned;
    }
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path entry : entries.toList()) {
        boolean isClaim = entry.toString().endsWith(ALIVE);
        Path claim = isClaim ? entry : parent.resolve(entry.getFileName() + ALIVE);
        if (AliveFile.isDead(claim)) {
          abandoned.addAll(FileTrees.innerFirst(entry));
        }
      }
      return abandoned;
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot look for temporary files in '%s': %s".formatted(parent, e.getMessage()), "", e);
    }
  }

  @Override
  public void close() {
    try (alive) {
      FileTrees.delete(folder);
    } catch (IOException e) {
      // The next `gc` takes away what is left.
    }
  }
}
