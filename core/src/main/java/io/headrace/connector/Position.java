package io.headrace.connector;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a part of a source goes: the value of its cursor in the last row.
 *
 * @param part such as a partition of a topic; for what has no parts, the thing itself
 * @param value a number, or text that is ordered as its cursor is, such as an ISO time in UTC
 */
public record Position(String part, String value) {
  public Position {
    requireNonNull(part, "part is null");
    requireNonNull(value, "value is null");
  }

  /** Whether no part of {@code was} is gone or went back. */
  public static boolean onlyGrew(List<Position> was, List<Position> is) {
    return was.stream()
        .allMatch(
            before ->
                is.stream()
                    .anyMatch(now -> now.part().equals(before.part()) && now.hasReached(before)));
  }

  /** Of the positions of one thing at several times, those that all others grew to. */
  public static Optional<List<Position>> furthest(Stream<List<Position>> all) {
    return all.reduce((one, other) -> onlyGrew(one, other) ? other : one);
  }

  /** Whether this is where {@code other} is, or behind it; numbers are compared as numbers. */
  public boolean hasReached(Position other) {
    try {
      return new BigDecimal(value).compareTo(new BigDecimal(other.value)) >= 0;
    } catch (NumberFormatException e) {
      return value.compareTo(other.value) >= 0;
    }
  }
}
