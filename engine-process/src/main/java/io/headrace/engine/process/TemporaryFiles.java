package io.headrace.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes temporary files away. */
final class TemporaryFiles {
  private TemporaryFiles() {}

  /** Deletes a folder with all that is in it, as far as that can be done. */
  static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> innerFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innerFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // Who owns the folder above takes away what is left.
    }
  }
}
