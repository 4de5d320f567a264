package io.headrace.access;

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

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
