package io.headrace.bench;

import io.headrace.catalog.Publication;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableName;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plans of tables that have 100,000 partitions. */
final class PartitionsBenchmark {
  private static final int PARTITIONS = 100_000;
  private static final int RUNS = 3;

  /** File systems have a limit. */
  private static final int NAMES_OF_A_FILE = 10_000;

  private static final String FRONT = "/*---\npartition_by: id\n---*/ ";

  private PartitionsBenchmark() {}

  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    Path root = folder.resolve("partitions");
    try (InProcess project = new InProcess(root, 1L << 30)) {
      project.write("tables/days.sql", FRONT + "SELECT 1::BIGINT AS id, 'a' AS s");
      project.write("tables/counts.sql", FRONT + "SELECT id, count(*) AS n FROM days GROUP BY id");
      SortedMap<TableName, Optional<String>> none = new TreeMap<>();
      SortedMap<TableName, Optional<String>> made = new TreeMap<>();
      for (String table : List.of("days", "counts")) {
        Version version = version(project, TableName.parse(table));
        none.put(version.table(), Optional.empty());
        made.put(version.table(), Optional.of(version.id()));
      }
      Publication publication =
          new Publication(
              "main",
              "bench",
              "",
              Optional.empty(),
              project.workspace().clock().instant(),
              none,
              made,
              Optional.empty());
      long unused = project.workspace().catalog().environments().publish(publication);
    }
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      seconds.add(machine.headrace("plan", "-C", root.toString()).seconds());
    }
    Machine.report("plan, two tables of 100,000 partitions", Machine.median(seconds), "s", 3);
  }

  /** A version of one row in each partition, which are few files with many names. */
  private static Version version(InProcess project, TableName table) throws IOException {
    Query row =
        new Query.Select(
            "SELECT 1::BIGINT AS id, "
                + (table.name().equals("days") ? "'a' AS s" : "1::BIGINT AS n"));
    try (Session session = project.workspace().engine().open(project.root())) {
      TableStore.Draft draft =
          project
              .workspace()
              .tables()
              .draft(
                  table,
                  Optional.empty(),
                  session.describe(row, Cancellation.never()),
                  List.of(new PartitionField(Transform.IDENTITY, "id")),
                  Map.of());
      DataFile first = session.write(row, draft, Cancellation.never()).get(0);
      List<DataFile> files = new ArrayList<>();
      Path origin = Path.of(first.path());
      for (int i = 0; i < PARTITIONS; i++) {
        Path name = draft.dataFolder().resolve(i + ".parquet");
        if (i % NAMES_OF_A_FILE == 0) {
          Files.copy(origin, name);
          origin = name;
        } else {
          Files.createLink(name, origin);
        }
        files.add(
            new DataFile(
                name.toString(),
                first.rowCount(),
                first.sizeBytes(),
                List.of(Optional.of(String.valueOf(i))),
                first.statistics()));
      }
      return project.record(draft, files);
    }
  }
}
