package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of {@code examples/flights} in which all that comes from flights is partitioned by month:
 * what it costs to add the sixth month, against a build of all six from nothing.
 */
final class MonthBenchmark {
  private static final int RUNS = 5;
  private static final String NEW_MONTH = "2001-06.parquet";

  private MonthBenchmark() {}

  /** Measures. */
  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    Path project =
        FlightsBenchmark.copy(machine.checkout().resolve("examples/flights"), folder.resolve("p"));
    partition(project.resolve("tables"));
    Path file = project.resolve("data").resolve(NEW_MONTH);
    Path aside = folder.resolve(NEW_MONTH);
    List<Double> full = new ArrayList<>();
    List<Double> added = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i <= RUNS; i++) {
      double a = build(machine, project);
      Files.move(file, aside);
      double unused = build(machine, project);
      Files.move(aside, file);
      double b = machine.headrace("run", "--quiet", project.toString()).seconds();
      if (i > 0) {
        full.add(a);
        added.add(b);
        ratios.add(b / a);
      }
    }
    Machine.note("six months from nothing", Machine.median(full), "s");
    Machine.note("the sixth month after five", Machine.median(added), "s");
    Machine.report("the sixth month / six months", Machine.median(ratios), "x", 0.33);
  }

  private static double build(Machine machine, Path project)
      throws IOException, InterruptedException {
    Path state = project.resolve(".headrace");
    if (Files.exists(state)) {
      FlightsBenchmark.delete(state);
    }
    return machine.headrace("run", "--quiet", project.toString()).seconds();
  }

  private static void partition(Path tables) throws IOException {
    edit(
        tables.resolve("flights.yaml"),
        "files: data/2001-*.parquet",
        "files: data/{month}.parquet\npartition_by: month");
    edit(tables.resolve("daily_delays.sql"), "tags: [delays]", "partition_by: month");
    edit(tables.resolve("daily_delays.sql"), "SELECT\n", "SELECT\n  month,\n");
    edit(tables.resolve("monthly_delays.sql"), "tags: [delays]", "partition_by: month");
    edit(tables.resolve("monthly_delays.sql"), "date_trunc('month', day)::DATE AS month", "month");
    splitByMonth(tables);
  }

  /** With the month as one more column of what was of all months. */
  private static void splitByMonth(Path tables) throws IOException {
    edit(tables.resolve("routes.sql"), "checks:", "partition_by: month\nchecks:");
    edit(tables.resolve("routes.sql"), "unique: [origin", "unique: [month, origin");
    edit(tables.resolve("routes.sql"), "SELECT\n", "SELECT\n  month,\n");
    edit(tables.resolve("routes.sql"), "GROUP BY origin", "GROUP BY month, origin");
    edit(tables.resolve("hours.sql"), "checks:", "partition_by: month\nchecks:");
    edit(tables.resolve("hours.sql"), "max: 168", "max: 2000");
    edit(tables.resolve("hours.sql"), "SELECT\n", "SELECT\n  month,\n");
  }

  private static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(from)) {
      throw new IllegalStateException("The example has changed: no '%s'".formatted(from));
    }
    Files.writeString(file, text.replace(from, to));
  }
}
