package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A move of pointers that is to be made.
 *
 * @param expected where each table that was read or is written must still point; empty for a table
 *     that must not be there
 * @param changes where tables shall point; empty for a table to take away
 * @param forkedFrom if present, the environment is from now on a fork of that commit
 * @param fence without which nothing is published, if there is one
 */
public record Publication(
    String environment,
    String author,
    String message,
    Optional<String> run,
    Instant at,
    SortedMap<TableName, Optional<String>> expected,
    SortedMap<TableName, Optional<String>> changes,
    Optional<Long> forkedFrom,
    Optional<Fence> fence) {
  public Publication {
    requireNonNull(environment, "environment is null");
    requireNonNull(author, "author is null");
    requireNonNull(message, "message is null");
    requireNonNull(run, "run is null");
    requireNonNull(at, "at is null");
    requireNonNull(forkedFrom, "forkedFrom is null");
    requireNonNull(fence, "fence is null");
    expected = Collections.unmodifiableSortedMap(new TreeMap<>(expected));
    changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    if (!expected.keySet().containsAll(changes.keySet())) {
      throw new IllegalArgumentException("Every table that is written must be expected somewhere");
    }
  }

  /** One that anybody may make. */
  public Publication(
      String environment,
      String author,
      String message,
      Optional<String> run,
      Instant at,
      SortedMap<TableName, Optional<String>> expected,
      SortedMap<TableName, Optional<String>> changes,
      Optional<Long> forkedFrom) {
    this(environment, author, message, run, at, expected, changes, forkedFrom, Optional.empty());
  }
}
