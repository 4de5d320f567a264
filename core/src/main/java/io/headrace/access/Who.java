package io.headrace.access;

import io.headrace.table.Wildcards;
import java.util.List;
import java.util.Set;

/**
 * People and programs: {@code ada} is a user, {@code token:ci} a token, {@code group:analysts} a
 * group and {@code oidc:NAME} somebody that another server knows. In each name {@code *} is any
 * characters, but a pattern never matches names of another kind: {@code t*} is no token. Only
 * {@code *} by itself is everybody who is known.
 */
public record Who(List<String> patterns) {
  public static final Who NOBODY = new Who(List.of());

  private static final String EVERYBODY = "*";

  public Who {
    patterns = List.copyOf(patterns);
  }

  /** Whether it is about somebody who has all of these names: his own, and those of his groups. */
  public boolean match(Set<String> names) {
    return names.stream()
        .anyMatch(name -> patterns.stream().anyMatch(pattern -> match(pattern, name)));
  }

  private static boolean match(String pattern, String name) {
    return pattern.equals(EVERYBODY)
        || (kind(pattern).equals(kind(name)) && Wildcards.match(pattern, name));
  }

  /** Names of users have no colon. */
  private static String kind(String name) {
    return name.substring(0, name.indexOf(':') + 1);
  }
}
