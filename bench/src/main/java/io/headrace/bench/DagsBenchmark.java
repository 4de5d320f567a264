package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tasks that do nothing, in lines: one of 40, and 100 of 10 that are asked for at once. Each run
 * has another parameter, so that every table is built and published. The others have tasks in
 * Python that return at once.
 */
final class DagsBenchmark {
  private static final int CHAIN = 40;
  private static final int DAGS = 100;
  private static final int TASKS = 10;

  /** What one of the others may take for the many. */
  private static final int LIMIT_SECONDS = 900;

  private static final long LOOK_AT_ONE_MILLIS = 20;
  private static final long LOOK_MILLIS = 200;
  private static final Pattern PEER = Pattern.compile("(chain|dags) ([0-9.]+) ([0-9]+)");

  private DagsBenchmark() {}

  /** Seconds of the line of 40, and of the 100 of 10. */
  private record Seconds(double chain, double dags) {}

  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    Seconds unused = ours(machine, folder);
  }

  /** The same, and beside it Airflow, Dagster and Prefect. */
  static void peers(Machine machine, Path folder) throws IOException, InterruptedException {
    Seconds ours = ours(machine, folder);
    for (String peer : List.of("airflow", "dagster", "prefect")) {
      Path place = Files.createDirectory(folder.resolve(peer));
      Path script = machine.checkout().resolve("bench/peers/orchestrators/" + peer + "_peer.py");
      Path python =
          machine.checkout().resolve("bench/peers/orchestrators/target/" + peer + "/bin/python");
      Machine.Finished finished =
          Machine.run(
              List.of(
                  python.toString(),
                  script.toString(),
                  place.toString(),
                  String.valueOf(CHAIN),
                  String.valueOf(DAGS),
                  String.valueOf(TASKS),
                  String.valueOf(LIMIT_SECONDS)));
      Matcher matcher = PEER.matcher(finished.output());
      while (matcher.find()) {
        double millis =
            Double.parseDouble(matcher.group(2)) * 1000 / Integer.parseInt(matcher.group(3));
        boolean isChain = matcher.group(1).equals("chain");
        double of = isChain ? ours.chain() * 1000 / CHAIN : ours.dags() * 1000 / (DAGS * TASKS);
        String what = "%s, %s".formatted(peer, isChain ? "a line of 40" : "100 lines of 10");
        Machine.note(what + ", a task of " + matcher.group(3), millis, "ms");
        Machine.note(what + " / headrace", millis / of, "x");
      }
    }
  }

  private static Seconds ours(Machine machine, Path folder)
      throws IOException, InterruptedException {
    Path project = folder.resolve("lines");
    Files.createDirectories(project.resolve("tables"));
    line(project, "chain", CHAIN);
    for (int i = 0; i < DAGS; i++) {
      line(project, name(i), TASKS);
    }
    settings(project, "");
    machine.headrace("run", "--quiet", project.toString());
    try (RunningServer server = new RunningServer(machine, project, "--no-schedules")) {
      warmUp(server);
      double chain = chain(server);
      double first = dags(server, "first");
      double dags = dags(server, "dags");
      Machine.note("a line of 40, in all", chain, "s");
      Machine.note("the same, a task", chain * 1000 / CHAIN, "ms");
      Machine.note("100 lines of 10 that this server never ran, a task", eachOf(first), "ms");
      Machine.report("100 lines of 10, a task", eachOf(dags), "ms", 10);
      settings(project, "defaults:\n  isolate: false\n");
      double together = dags(server, "together");
      Machine.note("the same in the process of the server", eachOf(together), "ms");
      return new Seconds(chain, dags);
    }
  }

  private static double eachOf(double seconds) {
    return seconds * 1000 / (DAGS * TASKS);
  }

  private static void settings(Path project, String more) throws IOException {
    Files.writeString(project.resolve("headrace.yaml"), "parameters:\n  tick: none\n" + more);
  }

  private static void warmUp(RunningServer server) throws IOException, InterruptedException {
    for (int i = 0; i < 5; i++) {
      start(server, name(i) + "_0+", "warm" + i, "warming");
    }
    await(server, "warming", 5);
  }

  private static double chain(RunningServer server) throws IOException, InterruptedException {
    long began = System.nanoTime();
    start(server, "chain_0+", "chain", "chain");
    await(server, "chain", 1);
    return (System.nanoTime() - began) / 1e9;
  }

  private static double dags(RunningServer server, String phase)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    for (int i = 0; i < DAGS; i++) {
      start(server, name(i) + "_0+", phase, phase);
    }
    await(server, phase, DAGS);
    return (System.nanoTime() - began) / 1e9;
  }

  private static void start(RunningServer server, String select, String tick, String phase)
      throws IOException, InterruptedException {
    String unused =
        server.post(
            "/api/v1/projects/lines/runs",
            "{\"select\": [\"%s\"], \"parameters\": {\"tick\": \"%s\"}, \"message\": \"bench %s\"}"
                .formatted(select, tick, phase));
  }

  /** Waits until so many runs of a phase are published. */
  private static void await(RunningServer server, String phase, int count)
      throws IOException, InterruptedException {
    while (true) {
      String commits =
          server.get("/api/v1/projects/lines/environments/main/commits?limit=" + count);
      long published = Pattern.compile("bench " + phase + "\\b").matcher(commits).results().count();
      if (published >= count) {
        return;
      }
      // To look more often would take more of the machine than some of what is measured.
      Thread.sleep(count == 1 ? LOOK_AT_ONE_MILLIS : LOOK_MILLIS);
    }
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "d%03d", i);
  }

  private static void line(Path project, String name, int tasks) throws IOException {
    for (int i = 0; i < tasks; i++) {
      String sql = i == 0 ? "SELECT $tick AS tick\n" : "FROM %s_%d\n".formatted(name, i - 1);
      Files.writeString(project.resolve("tables/%s_%d.sql".formatted(name, i)), sql);
    }
  }
}
