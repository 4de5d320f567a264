package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a server takes of the machine, and how soon it answers and is seen. */
final class ServeBenchmark {
  private static final int RUNS = 5;
  private static final int IDLE_SECONDS = 30;
  private static final int SCHEDULES = 10_000;
  private static final int TABLES = 10_000;

  private ServeBenchmark() {}

  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    start(machine, folder.resolve("shop"));
    schedules(machine, folder.resolve("schedules"));
  }

  private static void start(Machine machine, Path project)
      throws IOException, InterruptedException {
    machine.headrace("init", project.toString());
    machine.headrace("run", "--quiet", project.toString());
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      long began = System.nanoTime();
      try (RunningServer server = new RunningServer(machine, project)) {
        String unused = server.get("/");
        seconds.add((System.nanoTime() - began) / 1e9);
      }
    }
    Machine.report("from the start to the first page", Machine.median(seconds), "s", 1.5);
    try (RunningServer server = new RunningServer(machine, project)) {
      String unused = server.get("/");
      Thread.sleep(IDLE_SECONDS * 1000L);
      Machine.report("memory, half a minute after it", (double) server.megabytes(), "MB", 300);
    }
  }

  private static void schedules(Machine machine, Path project)
      throws IOException, InterruptedException {
    Path tables = Files.createDirectories(project.resolve("tables"));
    Files.writeString(tables.resolve("one.sql"), "SELECT 1 AS one\n");
    StringBuilder settings = new StringBuilder("schedules:\n");
    for (int i = 0; i < SCHEDULES; i++) {
      // Nothing is due before spring: it is the waiting that is measured.
      settings.append(
          "  s%05d: {cron: \"%d %d %d 4 *\"}\n".formatted(i, i % 60, i / 60 % 24, i % 28 + 1));
    }
    Files.writeString(project.resolve("headrace.yaml"), settings);
    try (RunningServer server = new RunningServer(machine, project)) {
      Thread.sleep(IDLE_SECONDS * 1000L);
      double before = server.processorSeconds();
      Thread.sleep(IDLE_SECONDS * 1000L);
      double share = (server.processorSeconds() - before) / IDLE_SECONDS * 100;
      Machine.report("10,000 schedules with nothing due", share, "% of a core", 2);
      Machine.note("memory with them", (double) server.megabytes(), "MB");
    }
  }

  /** The picture of a project of 10,000 tables, as a browser shows it. */
  static void graph(Machine machine, Path folder) throws IOException, InterruptedException {
    Path project = folder.resolve("graph");
    TablesBenchmark.generate(project, TABLES);
    machine.headrace("run", "--quiet", project.toString());
    try (RunningServer server = new RunningServer(machine, project)) {
      String home = "/projects/graph";
      String graph = home + "/graph";
      try (Chromium browser = new Chromium(folder.resolve("browser"))) {
        double unused = browser.secondsToPaint(server.url("/health/live"));
        Machine.report(
            "first look at the graph of 10,000 tables, painted in a browser",
            browser.secondsToPaint(server.url(graph)),
            "s",
            1);
        Machine.report(
            "the next look at it, painted", browser.secondsToPaint(server.url(graph)), "s", 1);
        Machine.report(
            "the graph around one of them, painted",
            browser.secondsToPaint(server.url(graph + "?table=t1_00007")),
            "s",
            1);
      }
      Machine.note("the graph of 10,000 tables, the server alone", server.secondsOf(graph), "s");
      Machine.note("the list of tables", server.secondsOf(home), "s");
    }
  }
}
