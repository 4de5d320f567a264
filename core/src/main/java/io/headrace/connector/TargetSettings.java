package io.headrace.connector;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an export says of a thing in an outside system.
 *
 * @param root the project's folder, which relative paths start at
 * @param memory a folder that outlives the process, for what has to be known of deliveries and the
 *     system itself cannot tell; made by whoever writes to it
 * @param into the thing's name there, such as that of a table
 * @param settings what else is said of how rows are delivered, by key
 */
public record TargetSettings(
    Path root,
    Path memory,
    Connection connection,
    String into,
    SortedMap<String, String> settings) {
  public TargetSettings {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }
}
