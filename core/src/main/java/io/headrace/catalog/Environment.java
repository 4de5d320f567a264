package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A named set of pointers table -> version.
 *
 * @param head number of the newest commit; 0 before the first
 * @param forkedFrom the commit whose pointers it started with or was last promoted to, if any
 */
public record Environment(String name, long head, Optional<Long> forkedFrom, Instant createdAt) {
  /** The environment that readers see unless they ask for another. */
  public static final String MAIN = "main";

  public Environment {
    requireNonNull(name, "name is null");
    requireNonNull(forkedFrom, "forkedFrom is null");
    requireNonNull(createdAt, "createdAt is null");
  }
}
