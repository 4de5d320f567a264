package io.headrace.server.access;

import io.headrace.access.AccessRules;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Forgets, now and then, what was kept long enough. Safe for many threads. */
final class Retention {
  private static final Duration PAUSE = Duration.ofHours(1);

  private final AtomicLong last = new AtomicLong();

  void look(Access access) {
    Instant now = access.clock().instant();
    long before = last.get();
    if (now.toEpochMilli() - before < PAUSE.toMillis()
        || !last.compareAndSet(before, now.toEpochMilli())) {
      return;
    }
    AccessRules rules = access.file().rules();
    access.accounts().audit().forget(now.minus(rules.keep()));
    access.accounts().sessions().forget(now.minus(rules.longest()), now.minus(rules.idle()));
  }
}
