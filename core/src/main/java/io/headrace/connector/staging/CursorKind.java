package io.headrace.connector.staging;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a cursor's values are, and how positions are written. */
public enum CursorKind {
  /** Integers and decimals, written plain. */
  NUMBER,
  /** Days, such as {@code 2026-01-31}. */
  DATE,
  /** Times without a zone, such as {@code 2026-01-31T12:00:00.000000}. */
  TIMESTAMP,
  /** Moments, such as {@code 2026-01-31T12:00:00.000000Z}. */
  TIMESTAMPTZ,
  /** Text, ordered by its characters' codes. */
  TEXT,
  /** What a system has that lets each value be what it likes: the position tells. */
  NUMBER_OR_TEXT;

  private static final Pattern DAY = Pattern.compile("(?!0000)\\d{4}-\\d\\d-\\d\\d");
  private static final Pattern TIME =
      Pattern.compile(
          "(?<day>(?!0000)\\d{4}-\\d\\d-\\d\\d)[ T](?<time>\\d\\d:\\d\\d:\\d\\d)"
              + "(?:\\.(?<fraction>\\d{1,6})0*)?(?<zone>Z|\\+00|\\+00:00)?");

  /** The position of a value, or empty if there is none, as of infinity. */
  public Optional<String> canonical(String value) {
    return switch (this) {
      case NUMBER -> number(value);
      case DATE -> DAY.matcher(value).matches() ? Optional.of(value) : Optional.empty();
      case TIMESTAMP, TIMESTAMPTZ -> time(value);
      case NUMBER_OR_TEXT -> Optional.of(number(value).orElse(value));
      // Such text would be compared as a number, which is another order.
      case TEXT -> number(value).isPresent() ? Optional.empty() : Optional.of(value);
    };
  }

  private static Optional<String> number(String value) {
    try {
      BigDecimal number = new BigDecimal(value).stripTrailingZeros();
      return Math.abs((long) number.scale()) > 20_000
          ? Optional.empty()
          : Optional.of(number.toPlainString());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Optional<String> time(String value) {
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches() || (matcher.group("zone") != null) != (this == TIMESTAMPTZ)) {
      return Optional.empty();
    }
    String fraction = matcher.group("fraction");
    String micros = ((fraction == null ? "" : fraction) + "000000").substring(0, 6);
    String zone = this == TIMESTAMPTZ ? "Z" : "";
    return Optional.of(matcher.group("day") + "T" + matcher.group("time") + "." + micros + zone);
  }
}
