package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Projects of many tables of one row, in four layers. */
final class TablesBenchmark {
  private static final int LAYERS = 4;
  private static final int RUNS = 5;

  private TablesBenchmark() {}

  static void build(Machine machine, Path folder) throws IOException, InterruptedException {
    List<Double> perTable = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path project = generate(folder.resolve("p" + i), 1000);
      perTable.add(machine.headrace("run", "--quiet", project.toString()).seconds());
    }
    Machine.report("1,000 tables from nothing, a table", Machine.median(perTable), "ms", 8);
    Machine.note("the disk", machine.syncsPerSecond(), "syncs a second");
  }

  static void nothingChanged(Machine machine, Path folder)
      throws IOException, InterruptedException {
    Path small = generate(folder.resolve("small"), 1000);
    machine.headrace("run", "--quiet", small.toString());
    Machine.report("nothing changed, 1,000 tables", median(machine, small), "s", 0.4);
    Path large = generate(folder.resolve("large"), 10_000);
    Machine.note(
        "10,000 tables from nothing",
        machine.headrace("run", "--quiet", large.toString()).seconds() / 10,
        "ms a table");
    Machine.report("nothing changed, 10,000 tables", median(machine, large), "s", 1.0);
    List<Double> leaf = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Files.writeString(
          large.resolve("tables/t3_00007.sql"), "SELECT %d AS id, 1 AS v%n".formatted(i));
      leaf.add(machine.headrace("run", "--quiet", large.toString()).seconds());
    }
    Machine.report("one leaf of 10,000 edited", Machine.median(leaf), "s", 1.5);
  }

  static void firstPlan(Machine machine, Path folder) throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    List<Double> gigabytes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path project = generate(folder.resolve("p" + i), 10_000);
      Machine.Finished finished = machine.headrace("plan", "-C", project.toString());
      seconds.add(finished.seconds());
      gigabytes.add(finished.peakMegabytes() / 1024.0);
    }
    Machine.report("load, check and plan 10,000 tables", Machine.median(seconds), "s", 6);
    Machine.report("memory of it", Machine.median(gigabytes), "GiB", 1);
  }

  private static double median(Machine machine, Path project)
      throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      seconds.add(machine.headrace("run", "--quiet", project.toString()).seconds());
    }
    return Machine.median(seconds);
  }

  /** Each table of a layer but the first reads two of the layer before. */
  static Path generate(Path project, int tables) throws IOException {
    Path folder = Files.createDirectories(project.resolve("tables"));
    int width = tables / LAYERS;
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int i = 0; i < width; i++) {
        String sql =
            layer == 0
                ? "SELECT %d AS id, %d AS v%n".formatted(i, i % 7)
                : "SELECT a.id, a.v + b.v AS v%nFROM %s AS a, %s AS b%n"
                    .formatted(name(layer - 1, i), name(layer - 1, (i * 7 + 1) % width));
        Files.writeString(folder.resolve(name(layer, i) + ".sql"), sql);
      }
    }
    return project;
  }

  private static String name(int layer, int i) {
    return "t%d_%05d".formatted(layer, i);
  }
}
