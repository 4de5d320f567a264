package io.headrace.faults;

import io.headrace.engine.Query.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads files in processes of their own, since they may take down the one that reads them. */
final class Reads {
  /** What queries may hold; Java has as much again. */
  static final long MEMORY_BYTES = 256L << 20;

  /** Both, and what Java and DuckDB take for themselves. */
  static final long MOST_MEGABYTES = 900;

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Path scratch;
  private final List<File> files;
  private final Map<Integer, Outcome> outcomes = new TreeMap<>();

  private Reads(Path scratch, List<File> files) {
    this.scratch = scratch;
    this.files = files;
  }

  /**
   * A file to read.
   *
   * @param options as {@code name=value}
   */
  record File(Format format, Path path, List<String> options) {
    File {
      options = List.copyOf(options);
    }
  }

  /** How it ended. */
  enum Kind {
    ROWS,
    ERROR,
    /** An exception that says nothing to a user. */
    UNTYPED,
    CRASH,
    HANG
  }

  /**
   * What came of a file.
   *
   * @param rows how many
   * @param text the first rows, or the message
   * @param hint of an error
   * @param megabytes the most that the process held
   */
  record Outcome(File file, Kind kind, long rows, String text, String hint, long megabytes) {
    /** Whether it says which file is wrong, and what to do. */
    boolean isClearError() {
      return kind == Kind.ERROR
          && text.contains(String.valueOf(file.path().getFileName()))
          && !hint.isEmpty();
    }

    @Override
    public String toString() {
      return "%s %s: %d rows, %s | %s, %d MB"
          .formatted(file.path().getFileName(), kind, rows, text, hint, megabytes);
    }
  }

  /** Reads them, and returns what came of each, in order. */
  static List<Outcome> of(Path scratch, List<File> files) throws IOException {
    Reads reads = new Reads(scratch, files);
    while (reads.outcomes.size() < files.size()) {
      reads.readOn();
    }
    return List.copyOf(reads.outcomes.values());
  }

  /** Reads in one process, until one of the files ends it. */
  private void readOn() throws IOException {
    int first = outcomes.size();
    try (Child child =
        ChildJvms.prepared()
            .start(
                scratch,
                "io.headrace.faults.FileReading",
                scratch.toString(),
                Long.toString(MEMORY_BYTES))) {
      StringBuilder lines = new StringBuilder();
      for (int i = first; i < files.size(); i++) {
        File file = files.get(i);
        List<String> line = new ArrayList<>(List.of("" + i, file.format() + "", "" + file.path()));
        line.addAll(file.options());
        lines.append(String.join("\t", line)).append('\n');
      }
      try (OutputStream out = child.process().getOutputStream()) {
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      }
      for (int i = first; i < files.size(); i++) {
        String end = "end\t" + i + "\t";
        boolean isThere = child.awaits(line -> line.startsWith(end), LONGEST);
        if (!isThere) {
          boolean lives = child.process().isAlive();
          put(i, lives ? Kind.HANG : Kind.CRASH, 0, child.errors(), "", 0);
          return;
        }
        String found =
            child.lines().stream().filter(line -> line.startsWith(end)).findFirst().orElseThrow();
        String[] parts = found.split("\t", -1);
        boolean isRows = parts[4].equals("rows");
        put(
            i,
            Kind.valueOf(parts[4].toUpperCase(Locale.ROOT)),
            isRows ? Long.parseLong(parts[6]) : 0,
            isRows ? parts[7] : parts[5],
            isRows ? "" : parts[6],
            Long.parseLong(parts[3]));
      }
    }
  }

  private void put(int i, Kind kind, long rows, String text, String hint, long megabytes) {
    outcomes.put(i, new Outcome(files.get(i), kind, rows, text, hint, megabytes));
  }
}
