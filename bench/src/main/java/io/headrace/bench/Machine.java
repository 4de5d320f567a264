package io.headrace.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Runs commands of a checkout and measures them. */
final class Machine {
  private final Path checkout;

  Machine(Path checkout) {
    this.checkout = checkout;
  }

  Path checkout() {
    return checkout;
  }

  /** {@code headrace} as a user has it: the launcher. */
  Path command() {
    return checkout.resolve("cli/target/headrace/bin/headrace");
  }

  /**
   * How a process went.
   *
   * @param peakMegabytes the most memory that it had resident, 0 if the system does not say
   */
  record Finished(double seconds, long peakMegabytes, String output) {}

  void describe() throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%d cores, Java %s, %.0f synced writes a second%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        syncsPerSecond());
  }

  /** How often a second the disk syncs a small new file. */
  double syncsPerSecond() throws IOException {
    Path folder = Files.createTempDirectory(checkout.resolve("bench/target"), "sync");
    int count = 200;
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      try (FileChannel file =
          FileChannel.open(
              folder.resolve(String.valueOf(i)),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE)) {
        int unused = file.write(ByteBuffer.allocate(2000));
        file.force(true);
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    for (int i = 0; i < count; i++) {
      Files.delete(folder.resolve(String.valueOf(i)));
    }
    Files.delete(folder);
    return count / seconds;
  }

  /** Runs {@code headrace} as a user would, in a new process. */
  Finished headrace(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(command().toString());
    command.addAll(Arrays.asList(arguments));
    return run(command);
  }

  /** The DuckDB driver as it is published, which unpacks its native library at each start. */
  Path publishedDriver() {
    return checkout.resolve("bench/target/driver");
  }

  /** The driver as Headrace repacks it. */
  Path repackedDriver() {
    return checkout.resolve("cli/target/headrace/lib");
  }

  /** Runs a class of this module in a JVM of its own, with the same options as the launcher's. */
  Finished java(Path lib, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                checkout.resolve("bench/target/classes") + ":" + lib + "/*",
                main.getName()));
    command.addAll(Arrays.asList(arguments));
    return run(command);
  }

  /** Runs a process to its end, which must be a good one. */
  static Finished run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("headrace-bench", ".out");
    try {
      long began = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      long peak = 0;
      Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
      while (process.isAlive()) {
        peak = Math.max(peak, residentKilobytes(status));
        if (process.waitFor(5, java.util.concurrent.TimeUnit.MILLISECONDS)) {
          break;
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(
            "'%s' failed with %d:%n%s"
                .formatted(String.join(" ", command), process.exitValue(), text));
      }
      return new Finished(seconds, peak / 1024, text);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static long residentKilobytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // The process is gone, or this is not Linux.
    }
    return 0;
  }

  /** Prints a figure beside what is to be reached. */
  static void report(String what, double measured, String unit, double reach) {
    System.out.printf(
        Locale.ROOT,
        "  %-58s %8.3f %-12s reach %.3f  %s%n",
        what,
        measured,
        unit,
        reach,
        measured <= reach
            ? "reached"
            : "MISSED by %.0f %%".formatted((measured / reach - 1) * 100));
  }

  /** Prints a figure that is only context. */
  static void note(String what, double measured, String unit) {
    System.out.printf(Locale.ROOT, "  %-58s %8.3f %s%n", what, measured, unit);
  }

  /** Asks a process to end, and waits until it has. */
  static void end(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
