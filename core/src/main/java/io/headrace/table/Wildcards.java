package io.headrace.table;

/** Patterns in which {@code *} is any characters, none included. Upper and lower case differ. */
public final class Wildcards {
  private Wildcards() {}

  /** Whether a pattern matches a whole text. */
  public static boolean match(String pattern, String text) {
    int star = -1;
    int retry = 0;
    int at = 0;
    int i = 0;
    while (i < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = i;
      } else if (at < pattern.length() && pattern.charAt(at) == text.charAt(i)) {
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
