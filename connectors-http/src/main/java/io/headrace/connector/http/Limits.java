package io.headrace.connector.http;

import java.time.Duration;

/**
 * What an API may take of time, disk and memory.
 *
 * @param request from connecting to the last byte of one answer
 * @param total all requests of one read, with the pauses between them
 * @param bytes of one answer, unpacked
 * @param pages of one read
 */
record Limits(Duration request, Duration total, long bytes, int pages) {
  static final Limits DEFAULT =
      new Limits(Duration.ofMinutes(1), Duration.ofHours(1), 64L << 20, 10_000);
}
