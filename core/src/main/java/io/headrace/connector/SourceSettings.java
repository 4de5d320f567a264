package io.headrace.connector;

import io.headrace.engine.Query.DeclaredColumn;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a source file says of a thing in an outside system.
 *
 * @param root the project's folder, which relative paths start at
 * @param settings by key, such as {@code table} and {@code cursor}
 * @param columns types of columns that shall be others than the system's own
 * @param others connections that the settings name besides, by key, such as {@code registry}
 */
public record SourceSettings(
    Path root,
    Connection connection,
    SortedMap<String, String> settings,
    List<DeclaredColumn> columns,
    SortedMap<String, Connection> others) {
  public SourceSettings {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    columns = List.copyOf(columns);
    others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
  }
}
