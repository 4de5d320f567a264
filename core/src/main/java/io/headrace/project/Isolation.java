package io.headrace.project;

import java.util.OptionalLong;

/**
 * Whether a task is computed in a process of its own.
 *
 * @param isApart whether it is
 * @param memoryBytes what that process may hold, if it is said
 */
public record Isolation(boolean isApart, OptionalLong memoryBytes) {
  /** With less, an engine does not start. */
  public static final long LEAST_BYTES = 256_000_000;
}
