package io.headrace.catalog.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs main classes of the tests in processes of their own. */
final class Processes {
  private Processes() {}

  static Process start(Path output, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // SQLite's driver is native, of which newer Javas warn where the output is read.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Waits for the process and returns the lines it wrote. */
  static List<String> finish(Process process, Path output)
      throws IOException, InterruptedException {
    int exit = process.waitFor();
    List<String> lines = Files.readAllLines(output);
    if (exit != 0) {
      throw new AssertionError("Exit code %d: %s".formatted(exit, lines));
    }
    return lines;
  }
}
