package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A CSV file becomes a published table, against DuckDB that writes the same file as Parquet. Both
 * are whole processes and run in turn.
 */
final class CsvBenchmark {
  private static final int RUNS = 3;
  private static final int ROWS = 5_000_000;

  /** Nine tenths of the speed. */
  private static final double REACH = 1 / 0.9;

  private CsvBenchmark() {}

  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    Path project = folder.resolve("project");
    Files.createDirectories(project.resolve("tables"));
    Files.createDirectories(project.resolve("data"));
    Path csv = project.resolve("data/orders.csv");
    Machine.Finished unused =
        machine.java(
            machine.repackedDriver(),
            DuckDbScript.class,
            """
            COPY (SELECT i AS id, 'customer-' || hash(i) %% 1000000 AS customer,
              TIMESTAMP '2026-01-01' + to_seconds(i) AS ordered, (hash(i) %% 100000 / 100)::DECIMAL(10, 2) AS amount,
              random() AS score, i %% 3 = 0 AS is_paid, 'a note, with a comma of row ' || i AS note
            FROM range(%d) t(i)) TO '%s' (FORMAT csv, HEADER)"""
                .formatted(ROWS, csv));
    Files.writeString(project.resolve("tables/orders.yaml"), "files: data/*.csv\n");
    Machine.note("the file", Files.size(csv) / 1e6, "MB");
    List<Double> ratios = new ArrayList<>();
    long peak = 0;
    for (int i = 0; i <= RUNS; i++) {
      Path state = project.resolve(".headrace");
      if (Files.exists(state)) {
        FlightsBenchmark.delete(state);
      }
      Machine.Finished ours = machine.headrace("run", "--quiet", project.toString());
      peak = Math.max(peak, ours.peakMegabytes());
      Path parquet = folder.resolve("orders.parquet");
      double script =
          machine
              .java(
                  machine.publishedDriver(),
                  DuckDbScript.class,
                  "COPY (FROM read_csv('%s')) TO '%s' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
                      .formatted(csv, parquet))
              .seconds();
      if (i > 0) {
        ratios.add(ours.seconds() / script);
      }
    }
    Machine.note("most memory", (double) peak, "MB");
    Machine.report("CSV, headrace / DuckDB", Machine.median(ratios), "x", REACH);
  }
}
