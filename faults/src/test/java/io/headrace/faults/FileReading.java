package io.headrace.faults;

import io.headrace.conversion.ConvertingEngine;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Query;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.Session;
import io.headrace.error.HeadraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads files as a run does, each into a file of rows, and says what came of it. Files may crash
 * what reads them, so this is a process of its own.
 *
 * <p>Takes lines from its input: number, format, path and options, separated by tabs. Prints a line
 * with the number before each, and one with the {@link Reads.Outcome outcome} after.
 */
final class FileReading {
  private static final int SHOWN = 400;
  private static final int FIRST_ROWS = 20;

  private FileReading() {}

  /**
   * Reads what its input names, until that ends.
   *
   * @param arguments a folder for what is written, and the bytes that queries may hold
   */
  public static void main(String[] arguments) throws IOException {
    Path scratch = Path.of(arguments[0]);
    EngineProvider provider = ServiceLoader.load(EngineProvider.class).iterator().next();
    EngineProvider.Settings settings =
        new EngineProvider.Settings(Long.parseLong(arguments[1]), 2, scratch.resolve("spill"));
    try (Engine engine = new ConvertingEngine(provider.start(settings), scratch);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split("\t", -1);
        System.out.println("begin\t" + parts[0]);
        resetPeak();
        long start = System.nanoTime();
        String outcome = read(engine, scratch, parts);
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(
            String.join(
                "\t",
                "end",
                parts[0],
                Long.toString(millis),
                Long.toString(peakMegabytes()),
                outcome));
      }
    }
  }

  private static String read(Engine engine, Path scratch, String[] parts) throws IOException {
    SortedMap<String, String> options = new TreeMap<>();
    for (int i = 3; i < parts.length; i++) {
      options.put(
          parts[i].substring(0, parts[i].indexOf('=')),
          parts[i].substring(parts[i].indexOf('=') + 1));
    }
    Format format = Format.valueOf(parts[1].toUpperCase(Locale.ROOT));
    FileScan scan = new FileScan(format, List.of(Path.of(parts[2])), List.of(), List.of(), options);
    Path target = scratch.resolve("rows-" + parts[0] + ".parquet");
    try (Session session = engine.open(scratch)) {
      int columns = session.describe(scan, Cancellation.never()).size();
      session.export(scan, target, Session.ExportFormat.PARQUET, Cancellation.never());
      return "rows\t" + columns + "\t" + rows(session, target);
    } catch (HeadraceException e) {
      return "error\t" + text(String.valueOf(e.getMessage())) + "\t" + text(e.hint());
    } catch (RuntimeException | Error e) {
      return "untyped\t" + text(e.toString()) + "\t";
    } finally {
      Files.deleteIfExists(target);
    }
  }

  /** How many rows there are, and the first of them. */
  private static String rows(Session session, Path written) {
    Query.Select count = new Query.Select("SELECT count(*) FROM '" + written.getFileName() + "'");
    Query.Select all = new Query.Select("FROM '" + written.getFileName() + "'");
    Object rows = session.query(count, 1, Cancellation.never()).values().get(0).get(0);
    List<String> first = new ArrayList<>();
    session
        .query(all, FIRST_ROWS, Cancellation.never())
        .values()
        .forEach(row -> first.add(row.toString()));
    return rows + "\t" + text(String.join("\n", first));
  }

  private static String text(String text) {
    String line = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    return line.length() > SHOWN ? line.substring(0, SHOWN) : line;
  }

  private static void resetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
  }

  private static long peakMegabytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }
}
