package io.headrace.access;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Somebody, and no program.
 *
 * @param name {@code ada} is a user, {@code oidc:NAME} somebody that another server knows
 * @param groups that the other server said he is in
 */
public record Person(String name, List<String> groups) {
  /** What the names of those begin with that another server knows. */
  public static final String ELSEWHERE = "oidc:";

  public Person {
    requireNonNull(name, "name is null");
    groups = List.copyOf(groups);
  }

  /** Whether another server knows him, and this one only by what that says. */
  public boolean isKnownElsewhere() {
    return name.startsWith(ELSEWHERE);
  }

  /** All names by which grants can mean him: his own, and those of his groups. */
  public Set<String> names() {
    Set<String> names = new HashSet<>(Set.of(name));
    groups.forEach(group -> names.add("group:" + group));
    return names;
  }
}
