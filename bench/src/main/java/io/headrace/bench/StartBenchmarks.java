package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long the smallest commands take, from the shell and back. */
final class StartBenchmarks {
  private static final int RUNS = 9;

  private StartBenchmarks() {}

  static void start(Machine machine, Path folder) throws IOException, InterruptedException {
    Path project = folder.resolve("shop");
    machine.headrace("init", project.toString());
    machine.headrace("run", project.toString());
    List<Double> version = new ArrayList<>();
    List<Double> query = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      version.add(machine.headrace("--version").seconds());
      query.add(machine.headrace("query", "-C", project.toString(), "select 1").seconds());
    }
    Machine.report("headrace --version", Machine.median(version), "s", 0.12);
    Machine.report("headrace query \"select 1\"", Machine.median(query), "s", 0.4);
  }
}
