package io.headrace.connector;

import io.headrace.engine.Query;
import io.headrace.engine.Query.DeclaredColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Rows of a source in files.
 *
 * @param files absolute, one or more; of no rows, a file without one
 * @param unreadable as {@code files}, of rows that could not be read, if the source tells them from
 *     the others; else none, and all rows are in {@code files}
 * @param columns all columns of the files, in order
 * @param options of the format, as {@link Query.FileScan} has them
 */
public record Staged(
    Query.Format format,
    List<Path> files,
    List<Path> unreadable,
    List<DeclaredColumn> columns,
    SortedMap<String, String> options) {
  public Staged {
    files = List.copyOf(files);
    unreadable = List.copyOf(unreadable);
    columns = List.copyOf(columns);
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** The files of all rows. The engine does not take one without rows among others. */
  public List<Path> all() {
    List<Path> all =
        Stream.concat(files.stream(), unreadable.stream()).filter(Staged::hasRows).toList();
    return all.isEmpty() ? files.subList(0, 1) : all;
  }

  private static boolean hasRows(Path file) {
    try {
      return Files.size(file) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
