package io.headrace.engine;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is left of a table for somebody who may not see all of it. An engine puts it between the
 * table and every query, so that no query can tell anything of what is behind it.
 *
 * @param rows conditions in SQL, all of which hold for the rows that are left
 * @param columns expressions in SQL that take the place of columns, by the column's name in lower
 *     case
 * @param needed those of the columns without which nothing at all is left
 */
public record Veil(List<String> rows, SortedMap<String, String> columns, SortedSet<String> needed) {
  /** An expression for nothing at all, of the type that the column has. */
  public static final String NOTHING = "NULL";

  /** Leaves all there is. */
  public static final Veil NONE = new Veil(List.of(), new TreeMap<>(), new TreeSet<>());

  public Veil {
    rows = List.copyOf(rows);
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    needed = Collections.unmodifiableSortedSet(new TreeSet<>(needed));
  }

  /** All that is written in SQL in it. */
  public List<String> expressions() {
    return Stream.concat(rows.stream(), columns.values().stream()).toList();
  }

  /** Whether something else is seen in the place of a column's values. */
  public boolean hides(String column) {
    return columns.containsKey(column.toLowerCase(Locale.ROOT));
  }

  public boolean isEmpty() {
    return rows.isEmpty() && columns.isEmpty();
  }
}
