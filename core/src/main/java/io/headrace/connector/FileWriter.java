package io.headrace.connector;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes rows to files of a format that engines do not write. Found through {@link
 * java.util.ServiceLoader}. Stateless and safe for many threads; needs memory for a few rows at a
 * time.
 */
public interface FileWriter {
  /** The format of the files. */
  ExportFormat format();

  /**
   * Writes a file.
   *
   * @param rows a file of {@link ExportFormat#QUOTED_CSV}, with values as the engine writes them
   * @param target is made, and of no use after a failure
   * @throws HeadraceException if the format cannot hold the rows, with what to do
   * @throws CancelledException if {@code cancel} was requested
   */
  void write(List<Column> columns, Path rows, Path target, Cancellation cancel) throws IOException;
}
