package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;

/**
 * Partitions of a table that shall be computed again, whatever is there.
 *
 * @param from the first of them, as people write it; see {@link
 *     io.headrace.table.PartitionField#readable}
 * @param to the last
 */
public record Backfill(TableName table, String from, String to) {
  public Backfill {
    requireNonNull(table, "table is null");
    requireNonNull(from, "from is null");
    requireNonNull(to, "to is null");
  }
}
