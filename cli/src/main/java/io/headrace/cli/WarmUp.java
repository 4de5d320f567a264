package io.headrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Uses every part of the program once, so that Java can record the classes that a start needs. The
 * launcher runs it when it prepares an archive of them.
 */
final class WarmUp {
  private WarmUp() {}

  static int run(Console real) {
    try {
      Path folder = Files.createTempDirectory("headrace-warm-up");
      try (PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
        Console console =
            new Console(nowhere, nowhere, false, folder, real.clock(), real.zone(), real.user());
        List<String[]> commands =
            List.of(
                new String[] {"init"},
                new String[] {"plan"},
                new String[] {"run"},
                new String[] {"run"},
                new String[] {"run", "--json"},
                new String[] {"query", "SELECT * FROM revenue"},
                new String[] {"query", "SELECT * FROM revenue", "--format", "csv"},
                new String[] {"show", "revenue"},
                new String[] {"why", "revenue"},
                new String[] {"test"},
                new String[] {"check"},
                new String[] {"verify"},
                new String[] {"env", "list"},
                new String[] {"log"},
                new String[] {"plan", "--json"},
                new String[] {"--help"});
        int failed = 0;
        for (String[] command : commands) {
          failed += Commands.execute(console, command) == 0 ? 0 : 1;
        }
        return failed == 0 ? 0 : 1;
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      return 1;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
