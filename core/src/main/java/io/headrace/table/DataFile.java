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
 *     value (years, months, days or hours since 1970 for the calendar transforms, otherwise text as
 *     in {@link Statistics}), or empty for null
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
   * <p>Bounds are text, by type: {@code true} or {@code false}; int, long and decimal as plain
   * digits with a point; float and double as digits with a point and perhaps an exponent, or {@code
   * inf} or {@code -inf}, never NaN, and zero as {@code -0.0} in a lower and {@code 0.0} in an
   * upper bound; date {@code yyyy-MM-dd}; time {@code HH:mm:ss[.ffffff]}; timestamp {@code
   * yyyy-MM-dd HH:mm:ss[.ffffff]}; timestamptz the same in UTC with {@code +00} behind it; binary
   * in upper case hexadecimal digits; uuid in 36 lower case characters; string as it is, of any
   * length. Dates and timestamps outside of the years 1 to 9999 have no bounds.
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
