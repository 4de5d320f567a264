package io.headrace.connector;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * Turns files of one format into text that engines read. Found through {@link
 * java.util.ServiceLoader}. Stateless and safe for many threads; needs memory for a few rows at a
 * time, and for what a format keeps apart from its rows, such as the texts of a workbook.
 */
public interface FileConverter {
  /** The format of the files. */
  Query.Format format();

  /** The names of the options that {@link #convert} knows. */
  List<String> options();

  /**
   * Writes each row as a JSON object on a line of its own. Decimals, times and bytes are texts that
   * the engine can cast without loss.
   *
   * @param target is made
   * @return the columns that the file itself declares, as types of the engine; empty if the values
   *     have to tell
   * @throws HeadraceException if the file is not of the format, or damaged, with where and what to
   *     do
   * @throws CancelledException if {@code cancel} was requested
   */
  List<DeclaredColumn> convert(
      Path file, SortedMap<String, String> options, Path target, Cancellation cancel)
      throws IOException;
}
