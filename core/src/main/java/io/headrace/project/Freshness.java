package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How old tables of {@code main} may be.
 *
 * @param tables a name, in which {@code *} stands for any characters
 * @param limit or empty if the history of each table says it
 */
public record Freshness(String tables, Optional<Duration> limit) {
  public Freshness {
    requireNonNull(tables, "tables is null");
    requireNonNull(limit, "limit is null");
  }

  /** Tells which tables it is about. */
  public Predicate<TableName> concerned() {
    return TableName.matching(tables);
  }
}
