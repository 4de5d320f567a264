package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Writes results to a file that shows up when it is complete. */
final class Export {
  private final Workspace workspace;
  private final Path target;
  private final ExportFormat format;

  Export(Workspace workspace, Path target, ExportFormat format) {
    this.workspace = workspace;
    this.target = target.toAbsolutePath();
    this.format = format;
  }

  void write(Script query, Cancellation cancel) {
    if (Files.exists(target)) {
      throw new HeadraceException(
          "Cannot write file '%s': it exists".formatted(target),
          "Delete it or choose another name");
    }
    Path partial =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Script copy =
          query.within(
              "COPY (", ") TO " + SqlText.literal(partial.toString()) + " (" + options() + ")");
      workspace.run(copy, cancel, statement -> statement.execute(copy.sql()));
      Files.move(partial, target);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot write file '%s': %s".formatted(target, e.getMessage()), "", e);
    } finally {
      deleteQuietly(partial);
    }
  }

  private String options() {
    return switch (format) {
      case CSV -> "FORMAT csv, HEADER true";
      case JSON -> "FORMAT json, ARRAY true";
      case PARQUET -> "FORMAT parquet, COMPRESSION zstd";
      case EXCEL -> throw new IllegalArgumentException("Workbooks are written behind the engine");
      case QUOTED_CSV -> "FORMAT csv, HEADER false, FORCE_QUOTE *, NULLSTR ''";
    };
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // What went wrong before matters more than a file left behind under a temporary name.
    }
  }
}
