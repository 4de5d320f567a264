package io.headrace.connector.http;

import java.time.Duration;
import java.time.Instant;

/** Spaces the requests of a connection evenly. Safe for many threads. */
final class RateLimit {
  private final Duration interval;
  private Instant free = Instant.MIN;

  /**
   * @param interval the least time from one request to the next
   */
  RateLimit(Duration interval) {
    this.interval = interval;
  }

  /** Takes the next place; returns how long to wait for it. */
  synchronized Duration reserve(Instant now) {
    Instant start = free.isAfter(now) ? free : now;
    free = start.plus(interval);
    return Duration.between(now, start);
  }
}
