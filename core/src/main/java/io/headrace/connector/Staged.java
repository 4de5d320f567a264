package io.headrace.connector;

import io.headrace.engine.Query;
import io.headrace.engine.Query.DeclaredColumn;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows of a source in files.
 *
 * @param files absolute, one or more; of no rows, a file without one
 * @param columns all columns of the files, in order
 * @param options of the format, as {@link Query.FileScan} has them
 */
public record Staged(
    Query.Format format,
    List<Path> files,
    List<DeclaredColumn> columns,
    SortedMap<String, String> options) {
  public Staged {
    files = List.copyOf(files);
    columns = List.copyOf(columns);
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }
}
