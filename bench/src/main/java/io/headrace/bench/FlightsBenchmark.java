package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code examples/flights} from nothing, against one DuckDB script in one JVM that writes the same
 * tables as Parquet files. Both are whole processes and run in turn.
 */
final class FlightsBenchmark {
  private static final int RUNS = 5;

  private FlightsBenchmark() {}

  /**
   * Measures.
   *
   * @param times how often the data is there
   */
  static void run(Machine machine, Path folder, int times)
      throws IOException, InterruptedException {
    Path project = copy(machine.checkout().resolve("examples/flights"), folder.resolve("flights"));
    Path data = project.resolve("data");
    for (Path file : list(data)) {
      for (int copy = 1; copy < times; copy++) {
        String name =
            String.valueOf(file.getFileName()).replace(".parquet", "-" + copy + ".parquet");
        Files.copy(file, data.resolve(name));
      }
    }
    List<Double> ours = new ArrayList<>();
    List<Double> script = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> repackedRatios = new ArrayList<>();
    for (int i = 0; i <= RUNS; i++) {
      Path state = project.resolve(".headrace");
      if (Files.exists(state)) {
        delete(state);
      }
      double a = machine.headrace("run", "--quiet", project.toString()).seconds();
      double b = script(machine, machine.publishedDriver(), project, folder.resolve("script"));
      double c = script(machine, machine.repackedDriver(), project, folder.resolve("script"));
      if (i > 0) {
        ours.add(a);
        script.add(b);
        ratios.add(a / b);
        repackedRatios.add(a / c);
      }
    }
    Machine.note("headrace run", Machine.median(ours), "s");
    Machine.note("DuckDB script", Machine.median(script), "s");
    Machine.report(
        "flights x %d, headrace / script".formatted(times),
        Machine.median(ratios),
        "x",
        times == 1 ? 1.15 : 1.05);
    Machine.note(
        "the same, if the script had Headrace's driver", Machine.median(repackedRatios), "x");
  }

  private static double script(Machine machine, Path driver, Path project, Path target)
      throws IOException, InterruptedException {
    Files.createDirectories(target);
    try {
      return machine
          .java(driver, FlightsScript.class, project.toString(), target.toString())
          .seconds();
    } finally {
      delete(target);
    }
  }

  static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> !f.toString().contains("/.headrace")).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
