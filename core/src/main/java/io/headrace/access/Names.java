package io.headrace.access;

import io.headrace.table.Wildcards;
import java.util.List;

/**
 * Some names, or patterns of names in which {@code *} is any characters. Upper and lower case
 * differ.
 */
public record Names(List<String> patterns) {
  /** Any name. */
  public static final Names ALL = new Names(List.of("*"));

  public Names {
    patterns = List.copyOf(patterns);
  }

  /** Whether no name at all is left out. */
  public boolean isAll() {
    return patterns.contains("*");
  }

  public boolean match(String name) {
    return patterns.stream().anyMatch(pattern -> Wildcards.match(pattern, name));
  }

  /** Whether a name is written out, and not only matched by a pattern. */
  public boolean name(String name) {
    return patterns.contains(name);
  }
}
