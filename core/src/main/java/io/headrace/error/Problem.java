package io.headrace.error;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * One mistake in a project.
 *
 * @param at where it is
 * @param message what is wrong, without a final period
 * @param hint how to mend it, or empty
 */
public record Problem(Location at, String message, String hint) implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::at).thenComparing(Problem::message);

  public Problem {
    requireNonNull(at, "at is null");
    requireNonNull(message, "message is null");
    requireNonNull(hint, "hint is null");
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }
}
