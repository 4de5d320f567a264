package io.headrace.cli;

import io.headrace.error.UsageException;
import io.headrace.yaml.Durations;
import java.time.Duration;

/** Durations of the command line, such as {@code 500ms}, {@code 12h} or {@code 7d}. */
final class TimeSpan {
  private TimeSpan() {}

  static Duration parse(String text) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "Cannot read '%s' as a duration".formatted(text),
                    "Write it like 30s, 12h or 7d"));
  }
}
