package io.headrace.access;

import java.util.List;

/**
 * Some names, or patterns of names in which {@code *} is any characters. Upper and lower case
 * differ.
 */
public record Names(List<String> patterns) {
  /** Any name. */
  public static final Names ALL = new Names(List.of("*"));

  public static final Names NONE = new Names(List.of());

  public Names {
    patterns = List.copyOf(patterns);
  }

  /** Whether no name at all is left out. */
  public boolean isAll() {
    return patterns.contains("*");
  }

  public boolean match(String name) {
    return patterns.stream().anyMatch(pattern -> match(pattern, name));
  }

  private static boolean match(String pattern, String name) {
    int star = -1;
    int retry = 0;
    int at = 0;
    int i = 0;
    while (i < name.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = i;
      } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++retry;
      } else {
        return false;
      }
    }
    return pattern.substring(at).chars().allMatch(c -> c == '*');
  }
}
