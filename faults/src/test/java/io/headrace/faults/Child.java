package io.headrace.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of a test's own. */
final class Child implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Process process;
  private final Path errors;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  private Child(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.reader = new Thread(this::read, "child-output");
  }

  static Child start(ProcessBuilder builder, Path folder) throws IOException {
    Path errors = Files.createTempFile("headrace-child", ".err");
    Process process = builder.directory(folder.toFile()).redirectError(errors.toFile()).start();
    Child child = new Child(process, errors);
    child.reader.setDaemon(true);
    child.reader.start();
    return child;
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  Process process() {
    return process;
  }

  /** Waits until the process has printed a line that contains {@code text}. */
  void await(String text) {
    if (!awaits(line -> line.contains(text), LONGEST)) {
      throw new AssertionError(
          "No line with '%s' in %s; errors: %s".formatted(text, lines(), errors()));
    }
  }

  /** Waits for a line up to {@code duration}, or to the end of the process. */
  synchronized boolean awaits(Predicate<String> wanted, Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    try {
      while (lines.stream().noneMatch(wanted)) {
        if (ended || System.nanoTime() > end) {
          return false;
        }
        wait(100);
      }
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits up to {@code duration} for its end. */
  boolean ends(Duration duration) {
    try {
      return process.waitFor(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for its end and returns its exit code. */
  int finish() {
    try {
      if (!ends(LONGEST)) {
        throw new AssertionError("It does not end: " + lines());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Kills it as {@code kill -9} does, and waits until it is dead. */
  void kill() {
    process.destroyForcibly();
    finish();
  }

  /** Sends it a signal, such as {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("It takes no signal " + name);
    }
  }

  /** What it printed so far. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  String output() {
    return String.join("\n", lines());
  }

  /** What it has complained of so far. */
  String errors() {
    return TestProject.doing(() -> Files.readString(errors));
  }

  @Override
  public void close() {
    kill();
    TestProject.doing(() -> Files.deleteIfExists(errors));
  }
}
