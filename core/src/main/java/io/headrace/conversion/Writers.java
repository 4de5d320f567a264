package io.headrace.conversion;

import io.headrace.connector.FileWriter;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** Writes files of formats that no engine writes, from rows that one has written as text. */
final class Writers {
  private Writers() {}

  /**
   * Writes the rows of a query.
   *
   * @param rows where they are kept meanwhile
   */
  static void write(
      Session session,
      Query query,
      Path rows,
      Path target,
      ExportFormat format,
      Cancellation cancel) {
    FileWriter writer = writer(format);
    if (Files.exists(target)) {
      throw new HeadraceException(
          "Cannot write file '%s': it exists".formatted(target),
          "Delete it or choose another name");
    }
    List<Column> columns = session.describe(query, cancel);
    boolean isWritten = false;
    try {
      session.export(query, rows, ExportFormat.QUOTED_CSV, cancel);
      writer.write(columns, rows, target, cancel);
      isWritten = true;
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot write file '%s': %s".formatted(target, e.getMessage()),
          "Is there room on the disk, and may you write there?",
          e);
    } finally {
      deleteQuietly(rows);
      if (!isWritten) {
        deleteQuietly(target);
      }
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What went wrong before matters more.
    }
  }

  private static FileWriter writer(ExportFormat format) {
    return ServiceLoader.load(FileWriter.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(writer -> writer.format() == format)
        .findFirst()
        .orElseThrow(
            () ->
                new HeadraceException(
                    "Nothing here writes %s files".formatted(format),
                    "Put the writer for them on the class path"));
  }
}
