package io.headrace.connector.files;

import io.headrace.conversion.ConvertingEngine;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Query;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.Query.PathColumn;
import io.headrace.engine.Session;
import io.headrace.table.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files that the real engine reads after they were converted. */
abstract class Reading {
  @TempDir Path folder;
  private Engine engine = engine(Path.of(""));
  private Session session = engine.open(Path.of(""));

  private static Engine engine(Path scratch) {
    EngineProvider provider = ServiceLoader.load(EngineProvider.class).iterator().next();
    return new ConvertingEngine(
        provider.start(new EngineProvider.Settings(256L << 20, 1, scratch.resolve("spill"))),
        scratch);
  }

  @BeforeEach
  final void open() {
    close();
    engine = engine(folder.resolve("scratch"));
    session = engine.open(folder);
  }

  @AfterEach
  final void close() {
    session.close();
    engine.close();
  }

  /** A scan of files of the test's folder. */
  final FileScan scan(Format format, String... files) {
    return scan(format, Map.of(), files);
  }

  final FileScan scan(Format format, Map<String, String> options, String... files) {
    List<Path> paths = Stream.of(files).map(folder::resolve).toList();
    return new FileScan(format, paths, List.of(), List.of(), new TreeMap<>(options));
  }

  static FileScan with(FileScan scan, DeclaredColumn... columns) {
    return new FileScan(
        scan.format(), scan.files(), List.of(columns), scan.pathColumns(), scan.options());
  }

  static FileScan with(FileScan scan, PathColumn column) {
    return new FileScan(
        scan.format(), scan.files(), scan.columns(), List.of(column), scan.options());
  }

  /** The columns of a scan with their types. */
  final String columns(FileScan scan) {
    return session.describe(scan, Cancellation.never()).stream()
        .map(Reading::text)
        .collect(Collectors.joining(", "));
  }

  private static String text(Column column) {
    return column.name() + " " + column.type();
  }

  /** The rows of a scan. */
  final String rows(FileScan scan) {
    List<String> rows = new ArrayList<>();
    session
        .query(scan, Long.MAX_VALUE, Cancellation.never())
        .values()
        .forEach(row -> rows.add(row.toString()));
    return String.join("\n", rows);
  }

  /** Writes the rows of a query to a file. */
  final void export(Query rows, Path target, Session.ExportFormat format, Cancellation cancel) {
    session.export(rows, target, format, cancel);
  }

  final Path write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    return Files.writeString(path, text);
  }
}
