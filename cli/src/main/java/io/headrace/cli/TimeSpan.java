package io.headrace.cli;

import io.headrace.error.UsageException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations such as {@code 500ms}, {@code 12h} or {@code 7d}. */
final class TimeSpan {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\s*(ms|s|m|h|d)");

  private TimeSpan() {}

  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException(
          "Cannot read '%s' as a duration".formatted(text), "Write it like 30s, 12h or 7d");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
