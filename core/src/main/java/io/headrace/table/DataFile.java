package io.headrace.table;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Parquet file that an engine wrote, with the statistics that it collected on the way.
 *
 * @param path absolute
 * @param rowCount rows in it, 1 or more
 * @param sizeBytes its length
 * @param partition the value of each partition field, in their order: the text of the transformed
 *     value (years, months or days since 1970 for the calendar transforms), or empty for null
 * @param statistics by field id, for leaf columns of primitive types
 */
public record DataFile(
    String path,
    long rowCount,
    long sizeBytes,
    List<Optional<String>> partition,
    SortedMap<Integer, Statistics> statistics) {

  public DataFile {
    requireNonNull(path, "path is null");
    partition = List.copyOf(partition);
    statistics = Collections.unmodifiableSortedMap(new TreeMap<>(statistics));
  }

  public DataFile(
      String path,
      long rowCount,
      long sizeBytes,
      List<Optional<String>> partition,
      Map<Integer, Statistics> statistics) {
    this(path, rowCount, sizeBytes, partition, new TreeMap<>(statistics));
  }

  /**
   * What is known of one column in one file.
   *
   * @param sizeBytes bytes of the column in the file, compressed
   * @param valueCount values, nulls included
   * @param nullCount nulls among them
   * @param nanCount NaNs among them, empty if the type has none or they were not counted
   * @param lower a value no greater than any, as text, empty if unknown
   * @param upper a value no less than any, as text, empty if unknown
   * @param exact whether the bounds are values that occur, not cut or rounded ones
   */
  public record Statistics(
      long sizeBytes,
      long valueCount,
      long nullCount,
      Optional<Long> nanCount,
      Optional<String> lower,
      Optional<String> upper,
      boolean exact) {}
}
