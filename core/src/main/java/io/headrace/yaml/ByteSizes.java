package io.headrace.yaml;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes as people write them. */
public final class ByteSizes {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(KB|MB|GB|TB)?");

  private ByteSizes() {}

  /** Bytes such as {@code 512MB} or {@code 2GB}; without a unit they are megabytes. */
  public static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text.trim().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "MB" : matcher.group(2);
    return OptionalLong.of(
        switch (unit) {
          case "KB" -> number * 1000;
          case "MB" -> number * 1_000_000;
          case "GB" -> number * 1_000_000_000;
          default -> number * 1_000_000_000_000L;
        });
  }
}
