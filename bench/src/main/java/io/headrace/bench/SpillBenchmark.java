package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sort and a join of data five times as large as the memory that queries may hold. */
final class SpillBenchmark {
  private static final int MEMORY_MEGABYTES = 400;

  /** 25 million rows of 80 bytes in memory are 2 GB: five times the limit. */
  private static final int ROWS = 25_000_000;

  /** What the process has besides: Java, the library, buffers of files. */
  private static final int OVERHEAD_MEGABYTES = 400;

  private SpillBenchmark() {}

  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    Path tables = Files.createDirectories(folder.resolve("spill/tables"));
    Files.writeString(
        tables.resolve("big.sql"),
        """
        SELECT i AS id, hash(i)::VARCHAR || hash(i + 1)::VARCHAR AS a, hash(i * 7)::VARCHAR AS b
        FROM range(%d) AS r(i)
        """
            .formatted(ROWS));
    Files.writeString(tables.resolve("sorted.sql"), "SELECT * FROM big ORDER BY a DESC\n");
    Files.writeString(
        tables.resolve("joined.sql"),
        "SELECT x.id, x.a, y.b FROM big AS x JOIN big AS y ON x.b = y.b AND x.a = y.a\n");
    Path project = folder.resolve("spill");
    Machine.Finished finished =
        machine.headrace("run", "--quiet", "--memory", MEMORY_MEGABYTES + "MB", project.toString());
    Machine.note("sort and join of 2 GB with 400 MB", finished.seconds(), "s");
    Machine.report(
        "most memory of the process (limit + Java and buffers)",
        (double) finished.peakMegabytes(),
        "MB",
        MEMORY_MEGABYTES + OVERHEAD_MEGABYTES);
  }
}
