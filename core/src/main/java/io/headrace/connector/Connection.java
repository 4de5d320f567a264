package io.headrace.connector;

import io.headrace.error.Location;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How an outside system is reached.
 *
 * @param name by which sources call it
 * @param settings by key; which there are is the connector's business
 * @param at where it is written
 */
public record Connection(String name, SortedMap<String, Setting> settings, Location at) {
  public Connection {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }
}
