package io.headrace.connector.http;

import io.headrace.engine.Cancellation;
import java.time.Duration;
import java.time.Instant;

/** The time that is left for all requests of one read. Not for several threads. */
final class Budget {
  private final Waits waits;
  private final Instant end;
  private final Cancellation cancel;

  Budget(Waits waits, Duration total, Cancellation cancel) {
    this.waits = waits;
    this.end = waits.clock().instant().plus(total);
    this.cancel = cancel;
  }

  Cancellation cancel() {
    return cancel;
  }

  /** Whether so much time is left. */
  boolean allows(Duration pause) {
    return !waits.clock().instant().plus(pause).isAfter(end);
  }
}
