package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pointers of an environment after one commit: a consistent cut over all its tables.
 *
 * @param commit number of the commit; 0 for an environment that has none
 * @param versions version by table; copied
 */
public record Snapshot(String environment, long commit, SortedMap<TableName, String> versions) {
  public Snapshot {
    requireNonNull(environment, "environment is null");
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
  }

  public Optional<String> version(TableName table) {
    return Optional.ofNullable(versions.get(table));
  }
}
