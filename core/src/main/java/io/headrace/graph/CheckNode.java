package io.headrace.graph;

import io.headrace.check.Check;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A check with all that it reads.
 *
 * @param reads the tables that its query names
 * @param sql what the user wrote of its query, parameters put in; empty for the kinds that have
 *     none
 * @param isRepeatable whether its result is a function of what it reads; if not it runs every time
 */
public record CheckNode(Check check, SortedSet<TableName> reads, String sql, boolean isRepeatable) {
  public CheckNode {
    reads = Collections.unmodifiableSortedSet(new TreeSet<>(reads));
  }

  /** Whether it looks at nothing but its own table, so that it can run as soon as that is built. */
  public boolean isLocal() {
    return check.table().isPresent() && List.copyOf(reads).equals(List.of(check.table().get()));
  }
}
