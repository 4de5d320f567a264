package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** {@code bench/run NAME...}: runs benchmarks by name. */
public final class Main {
  /** What needs several hundred megabytes of other tools. */
  private static final Set<String> PEERS = Set.of("peers", "orchestrators");

  private Main() {}

  /** A benchmark: measures in an empty folder and prints figures. */
  interface Benchmark {
    void run(Machine machine, Path folder) throws IOException, InterruptedException;
  }

  /** The first argument is the checkout; the rest are names, or {@code all}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("start", StartBenchmarks::start);
    all.put("flights", (machine, folder) -> FlightsBenchmark.run(machine, folder, 1));
    all.put("flights10", (machine, folder) -> FlightsBenchmark.run(machine, folder, 10));
    all.put("month", MonthBenchmark::run);
    all.put("tables", TablesBenchmark::build);
    all.put("nothing", TablesBenchmark::nothingChanged);
    all.put("first-plan", TablesBenchmark::firstPlan);
    all.put("append", AppendBenchmark::run);
    all.put("partitions", PartitionsBenchmark::run);
    all.put("upsert", (machine, folder) -> UpsertBenchmark.run(folder));
    all.put("kafka", (machine, folder) -> KafkaBenchmark.run(machine, folder, 1_000_000));
    all.put("kafka5", (machine, folder) -> KafkaBenchmark.run(machine, folder, 5_000_000));
    all.put("peers", (machine, folder) -> PeersBenchmark.run(machine, folder, 5_000_000));
    all.put("latency", (machine, folder) -> LatencyBenchmark.run(machine, folder, 1_000));
    all.put("latency10", (machine, folder) -> LatencyBenchmark.run(machine, folder, 10_000));
    all.put("csv", CsvBenchmark::run);
    all.put("postgres", PostgresBenchmark::run);
    all.put("spill", SpillBenchmark::run);
    all.put("serve", ServeBenchmark::run);
    all.put("graph", ServeBenchmark::graph);
    all.put("records", RecordsBenchmark::run);
    all.put("records-kept", RecordsBenchmark::withoutCollection);
    all.put("dags", DagsBenchmark::run);
    all.put("orchestrators", DagsBenchmark::peers);
    Path checkout = Path.of(args[0]).toAbsolutePath().normalize();
    List<String> names = List.of(args).subList(1, args.length);
    if (names.equals(List.of("all"))) {
      names = all.keySet().stream().filter(name -> !PEERS.contains(name)).toList();
    }
    if (names.isEmpty() || !all.keySet().containsAll(names)) {
      System.err.println("usage: bench/run all | " + String.join(" | ", all.keySet()));
      System.exit(2);
    }
    Machine machine = new Machine(checkout);
    machine.describe();
    for (String name : names) {
      Path folder = Files.createTempDirectory(checkout.resolve("bench/target"), name);
      try {
        System.out.println();
        System.out.println(name);
        java.util.Objects.requireNonNull(all.get(name)).run(machine, folder);
      } finally {
        delete(folder);
      }
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
