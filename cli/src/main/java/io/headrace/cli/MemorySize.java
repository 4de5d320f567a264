package io.headrace.cli;

import io.headrace.error.UsageException;
import io.headrace.yaml.ByteSizes;

/** Reads sizes such as {@code 512MB} or {@code 2GB}. */
final class MemorySize {
  private MemorySize() {}

  static long parse(String text) {
    return ByteSizes.parse(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "Cannot read '%s' as a size".formatted(text), "Write it like 512MB or 2GB"));
  }
}
