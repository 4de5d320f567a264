package io.headrace.server.access;

import io.headrace.access.Accounts;
import io.headrace.access.AuditLog;
import java.time.Clock;

/**
 * All that decides about who asks. Safe for many threads.
 *
 * @param accounts closed by whoever opened them
 */
public record Access(
    AccessFile file,
    Accounts accounts,
    Passwords passwords,
    Doorway doorway,
    Clock clock,
    Retention retention) {
  public Access(AccessFile file, Accounts accounts, Doorway doorway, Clock clock) {
    this(file, accounts, new Passwords(), doorway, clock, new Retention());
  }

  AuditLog audit() {
    return accounts.audit();
  }
}
