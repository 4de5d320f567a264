package io.headrace.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files and folders with all that is in them. */
public final class FileTrees {
  private FileTrees() {}

  /** Each folder after all that is in it; nothing, if there is nothing. */
  public static List<Path> innerFirst(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Takes all of it away, if it is there. */
  public static void delete(Path root) throws IOException {
    for (Path path : innerFirst(root)) {
      Files.deleteIfExists(path);
    }
  }
}
