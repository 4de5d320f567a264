package io.headrace.bench;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.rewrite.Compactor;
import io.headrace.run.RunResult;
import io.headrace.table.DataFile;
import io.headrace.table.TableName;
import io.headrace.table.TableStore;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table that grows by many small commits, all in one process. */
final class AppendBenchmark {
  private static final int COMMITS = 1000;
  private static final int ROWS = 10_000;
  private static final int RUNS = 15;

  private final InProcess project;
  private int files;

  private AppendBenchmark(InProcess project) {
    this.project = project;
  }

  static void run(Machine machine, Path folder) throws IOException {
    double fresh;
    try (InProcess project = open(folder.resolve("fresh"))) {
      AppendBenchmark benchmark = new AppendBenchmark(project);
      benchmark.commits(50, 1);
      fresh = benchmark.appends();
    }
    try (InProcess project = open(folder.resolve("grown"))) {
      AppendBenchmark benchmark = new AppendBenchmark(project);
      benchmark.commits(50, 1);
      double seconds = benchmark.commits(COMMITS, 1);
      Machine.note("the disk", machine.syncsPerSecond(), "syncs a second");
      Machine.report("a synced commit of one row", seconds / COMMITS * 1000, "ms", 10);
      double grown = benchmark.appends();
      Machine.note("an append of 10,000 rows to a fresh table", fresh * 1000, "ms");
      Machine.note("the same after 1,000 commits", grown * 1000, "ms");
      Machine.report("the one to the other", grown / fresh, "x", 1.5);
    }
    reading(folder.resolve("read"));
  }

  /** How long it takes to read a table of 1,000 files, and of one with the same rows. */
  private static void reading(Path root) throws IOException {
    try (InProcess project = open(root)) {
      Workspace workspace = project.workspace();
      Version version = ofManyFiles(project);
      double before = read(workspace, version);
      long began = System.nanoTime();
      Compactor compactor = new Compactor(workspace);
      boolean done = compactor.compact(version, Cancellation.never()).isPresent();
      double seconds = (System.nanoTime() - began) / 1e9;
      Version after = workspace.catalog().versions().find(version.id()).orElseThrow();
      Machine.note("to make 1 file of 1,000", done ? seconds * 1000 : Double.NaN, "ms");
      Machine.note("a query of 1,000 files of 1,000 rows", before * 1000, "ms");
      Machine.note("the same once they are one", read(workspace, after) * 1000, "ms");
    }
  }

  /** A version as runs would leave it that never compact. */
  private static Version ofManyFiles(InProcess project) {
    Workspace workspace = project.workspace();
    TableName table = TableName.parse("events");
    List<DataFile> files = new ArrayList<>();
    try (Session session = workspace.engine().open(workspace.root())) {
      Query rows = new Query.Select("SELECT range AS id, hash(range) % 1000 AS n FROM range(1000)");
      TableStore.Draft draft =
          workspace
              .tables()
              .draft(
                  table,
                  Optional.empty(),
                  session.describe(rows, Cancellation.never()),
                  List.of(),
                  Map.of());
      for (int i = 0; i < COMMITS; i++) {
        files.addAll(session.write(rows, draft, Cancellation.never()));
      }
      return project.record(draft, files);
    }
  }

  private static double read(Workspace workspace, Version version) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      long began = System.nanoTime();
      try (Session session = workspace.engine().open(workspace.root())) {
        session.bind(version.table(), workspace.tables().load(version.metadataLocation()));
        Query sum = new Query.Select("SELECT sum(n) FROM events");
        session.query(sum, 1, Cancellation.never());
      }
      seconds.add((System.nanoTime() - began) / 1e9);
    }
    return Machine.median(seconds);
  }

  private static InProcess open(Path root) throws IOException {
    InProcess project = new InProcess(root, 1L << 30);
    project.write("tables/events.yaml", "files: data/*.csv\nincremental: append\n");
    return project;
  }

  /** How long so many commits take, each of a new file with so many rows. */
  private double commits(int count, int rows) throws IOException {
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      commit(rows);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /** The median time of an append of many rows. */
  private double appends() throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      seconds.add(commits(1, ROWS));
    }
    return Machine.median(seconds);
  }

  private void commit(int rows) throws IOException {
    StringBuilder text = new StringBuilder("id,name,amount\n");
    for (int i = 0; i < rows; i++) {
      text.append(i).append(",name ").append(i % 97).append(',').append(i * 3 % 1000).append('\n');
    }
    project.write("data/%06d.csv".formatted(files++), text.toString());
    RunResult unused = project.run();
  }
}
