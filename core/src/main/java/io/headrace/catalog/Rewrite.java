package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;
import java.time.Instant;

/**
 * The rows of a version, written once more to other files. The version stays what it is: whoever
 * loaded it before goes on reading the old files.
 *
 * @param version whose rows they are
 * @param before metadata location of the old files
 * @param after metadata location of the new ones
 */
public record Rewrite(String version, TableName table, String before, String after, Instant at) {
  public Rewrite {
    requireNonNull(version, "version is null");
    requireNonNull(table, "table is null");
    requireNonNull(before, "before is null");
    requireNonNull(after, "after is null");
    requireNonNull(at, "at is null");
  }
}
