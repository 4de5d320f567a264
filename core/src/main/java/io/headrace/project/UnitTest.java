package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.error.Location;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Given these input rows, expect these output rows.
 *
 * @param table whose query is tested
 * @param given rows by input table; an input that is left out is empty
 * @param expect the rows, in any order; columns that no row names are not compared
 * @param parameters values by name, instead of the defaults
 */
public record UnitTest(
    String name,
    TableName table,
    SortedMap<TableName, List<Map<String, @Nullable Object>>> given,
    List<Map<String, @Nullable Object>> expect,
    SortedMap<String, String> parameters,
    Location at) {
  public UnitTest {
    requireNonNull(name, "name is null");
    requireNonNull(table, "table is null");
    given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
    expect = List.copyOf(expect);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    requireNonNull(at, "at is null");
  }
}
