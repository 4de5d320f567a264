package io.headrace.access;

import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import java.util.Arrays;
import java.util.Locale;

/** What somebody may do, each more than the one before. */
public enum Role {
  /** Sees tables, runs and the rest, and queries. */
  VIEWER,
  /** Also changes environments, but those that are protected. */
  EDITOR,
  /** Also changes protected environments and what schedules do. */
  OPERATOR,
  /** Does everything, and is shown everything. */
  ADMIN;

  /** Whether who has this role may do what the other may. */
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /**
   * The role of that name.
   *
   * @throws UsageException if there is none
   */
  public static Role of(String name) {
    return Arrays.stream(values())
        .filter(role -> role.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "There is no role '%s'".formatted(name),
                    NearestWord.hint(
                        name,
                        Arrays.stream(values()).map(Role::toString).toList(),
                        "Write viewer, editor, operator or admin")));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
