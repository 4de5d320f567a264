package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was counted in a version.
 *
 * @param at when the version was built
 * @param nulls rows without a value, by column; of those columns that were looked at
 * @param distinctValues how many values there are, about, by column
 */
public record Measurement(
    Instant at, long rows, SortedMap<String, Long> nulls, SortedMap<String, Long> distinctValues) {
  public Measurement {
    requireNonNull(at, "at is null");
    nulls = Collections.unmodifiableSortedMap(new TreeMap<>(nulls));
    distinctValues = Collections.unmodifiableSortedMap(new TreeMap<>(distinctValues));
  }

  /** The same with what another has counted in the same version. */
  public Measurement with(Measurement other) {
    SortedMap<String, Long> allNulls = new TreeMap<>(nulls);
    allNulls.putAll(other.nulls);
    SortedMap<String, Long> allValues = new TreeMap<>(distinctValues);
    allValues.putAll(other.distinctValues);
    return new Measurement(at, rows, allNulls, allValues);
  }
}
