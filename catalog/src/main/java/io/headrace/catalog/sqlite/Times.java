package io.headrace.catalog.sqlite;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as the database has them: microseconds since 1970. */
final class Times {
  private Times() {}

  static long toMicros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant fromMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
