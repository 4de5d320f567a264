package io.headrace.cli;

import io.headrace.error.UsageException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes such as {@code 512MB} or {@code 2GB}. */
final class MemorySize {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(KB|MB|GB|TB)?");

  private MemorySize() {}

  static long parse(String text) {
    Matcher matcher = FORM.matcher(text.trim().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new UsageException(
          "Cannot read '%s' as a size".formatted(text), "Write it like 512MB or 2GB");
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "MB" : matcher.group(2);
    return switch (unit) {
      case "KB" -> number * 1000;
      case "MB" -> number * 1_000_000;
      case "GB" -> number * 1_000_000_000;
      default -> number * 1_000_000_000_000L;
    };
  }
}
