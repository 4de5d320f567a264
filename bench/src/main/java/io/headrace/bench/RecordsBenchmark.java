package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether anything gets slower as a catalog fills: the same project with 200 runs behind it, which
 * fill every list that is shown, and with 10,000, which are a million task records. Takes of both
 * alternate, so that what else the machine does concerns both.
 */
final class RecordsBenchmark {
  private static final int YOUNG_RUNS = 200;
  private static final int OLD_RUNS = 10_000;
  private static final double REACH = 1.2;
  private static final int COMMANDS = 9;
  private static final int PAGES = 61;
  private static final int WARM_UP = 30;
  private static final int TICKS = 21;
  private static final long LOOK_MILLIS = 10;
  private static final String TABLE = "t3_00007";

  /** One whose numbers are held against those of the versions before. */
  private static final String COUNTED = "t0_00003";

  /** Stands for a commit of the day before. */
  private static final String RECENT = "COMMIT";

  private static final Pattern NUMBER = Pattern.compile("\"tick\":\\s*(\\d+)");
  private static final Pattern TIMES =
      Pattern.compile("\"started\":\\s*\"([^\"]+)\",\\s*\"finished\":\\s*\"([^\"]+)\"");

  private RecordsBenchmark() {}

  /** The versions of 200 runs are there, as {@code headrace gc} leaves it that is run daily. */
  static void run(Machine machine, Path folder) throws IOException, InterruptedException {
    measure(machine, folder, YOUNG_RUNS);
  }

  /** All versions are there. */
  static void withoutCollection(Machine machine, Path folder)
      throws IOException, InterruptedException {
    measure(machine, folder, OLD_RUNS);
  }

  private static void measure(Machine machine, Path folder, int kept)
      throws IOException, InterruptedException {
    Path young = LongLife.make(machine, folder.resolve("young/shop"), YOUNG_RUNS, YOUNG_RUNS);
    Path old = LongLife.make(machine, folder.resolve("old/shop"), OLD_RUNS, kept);
    Machine.note(
        "catalog.db of %,d task records".formatted(OLD_RUNS * LongLife.TABLES),
        Files.size(old.resolve(".headrace/catalog.db")) / 1e6,
        "MB");
    commands(machine, young, old, kept == YOUNG_RUNS);
    server(machine, young, old);
    Machine.note(
        "headrace gc --keep 9d of what the old one holds, once",
        machine.headrace("gc", "--keep", "9d", "-C", old.toString()).seconds(),
        "s");
  }

  /** Does something to a project and returns how long it took. */
  @FunctionalInterface
  private interface Take<P> {
    double seconds(P place, int take) throws IOException, InterruptedException;
  }

  private static <P> void compare(String what, int takes, P young, P old, Take<P> take)
      throws IOException, InterruptedException {
    List<Double> before = new ArrayList<>();
    List<Double> after = new ArrayList<>();
    for (int i = 0; i < takes; i++) {
      before.add(take.seconds(young, i));
      after.add(take.seconds(old, i));
    }
    double start = Machine.median(before);
    double now = Machine.median(after);
    String figures = String.format(Locale.ROOT, "%.1f to %.1f ms", start * 1000, now * 1000);
    Machine.report("%-32s %s".formatted(what, figures), now / start, "x", REACH);
  }

  private static void commands(Machine machine, Path young, Path old, boolean isCollected)
      throws IOException, InterruptedException {
    List<List<String>> commands =
        new ArrayList<>(
            List.of(
                List.of("run", "--quiet"),
                List.of("plan"),
                List.of("log"),
                List.of("show", TABLE),
                List.of("why", TABLE),
                List.of("query", "FROM " + TABLE),
                List.of("query", "--at", RECENT, "FROM " + TABLE),
                List.of("diff", RECENT, "main"),
                List.of("schedule", "list"),
                List.of("env", "list")));
    if (isCollected) {
      // Both look at every version that is there.
      commands.add(List.of("gc", "--dry-run", "--keep", "9d"));
      commands.add(List.of("doctor"));
    }
    for (List<String> command : commands) {
      compare(
          "headrace " + String.join(" ", command),
          COMMANDS,
          young,
          old,
          (project, i) -> machine.headrace(in(command, project)).seconds());
    }
    for (String table : List.of(TABLE, COUNTED)) {
      compare(
          "headrace run, %s built".formatted(table),
          COMMANDS,
          young,
          old,
          (project, i) -> {
            LongLife.edit(project, table, i);
            return machine.headrace("run", "--quiet", project.toString()).seconds();
          });
    }
  }

  private static String[] in(List<String> command, Path project) {
    List<String> words = new ArrayList<>(command);
    boolean isYoung = project.endsWith(Path.of("young", "shop"));
    String recent = String.valueOf((isYoung ? YOUNG_RUNS : OLD_RUNS) - 24);
    words.replaceAll(word -> word.equals(RECENT) ? recent : word);
    words.addAll(List.of("-C", project.toString()));
    return words.toArray(String[]::new);
  }

  private static void server(Machine machine, Path young, Path old)
      throws IOException, InterruptedException {
    try (RunningServer first = new RunningServer(machine, young);
        RunningServer second = new RunningServer(machine, old)) {
      String home = "/projects/shop";
      String api = "/api/v1/projects/shop";
      String run = "/runs/made%07d".formatted(YOUNG_RUNS - 7);
      List<String> paths =
          List.of(
              home,
              home + "/runs",
              home + run,
              home + run + "/tasks",
              home + "/tables/" + TABLE,
              home + "/tables/" + COUNTED,
              home + "/tables/" + TABLE + "/lineage",
              home + "/tables/" + TABLE + "/why",
              home + "/graph",
              home + "/environments",
              home + "/environments/main",
              home + "/schedules",
              home + "/schedules/hourly",
              home + "/search?q=t3",
              "/metrics",
              "/health/ready",
              api + "/environments",
              api + "/environments/main/commits",
              api + "/runs",
              api + run,
              api + "/tables",
              api + "/tables/" + TABLE,
              api + "/schedules",
              api + "/schedules/asked/ticks");
      for (String path : paths) {
        for (int i = 0; i < WARM_UP; i++) {
          double unused = first.secondsOf(path) + second.secondsOf(path);
        }
        compare(path, PAGES, first, second, (server, i) -> server.secondsOf(path));
      }
      compare("a tick, nothing to do", TICKS, first, second, (server, i) -> tick(server));
      double before = first.processorSeconds();
      double beforeOld = second.processorSeconds();
      Thread.sleep(60_000);
      Machine.note("young, idle for a minute", first.processorSeconds() - before, "s of a core");
      Machine.note("old, idle for a minute", second.processorSeconds() - beforeOld, "s of a core");
    }
  }

  /** From the beginning of a tick to its end, as the catalog says: when it is heard varies. */
  private static double tick(RunningServer server) throws IOException, InterruptedException {
    String ticks = "/api/v1/projects/shop/schedules/asked/ticks?limit=1";
    long last = number(server.get(ticks));
    String unused = server.post("/api/v1/projects/shop/schedules/asked/trigger", "{}");
    while (true) {
      String now = server.get(ticks);
      Matcher times = TIMES.matcher(now);
      if (number(now) > last && times.find()) {
        Duration took =
            Duration.between(Instant.parse(times.group(1)), Instant.parse(times.group(2)));
        return took.toNanos() / 1e9;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static long number(String ticks) throws IOException {
    Matcher matcher = NUMBER.matcher(ticks);
    if (!matcher.find()) {
      throw new IOException("There is no tick: " + ticks);
    }
    return Long.parseLong(matcher.group(1));
  }
}
