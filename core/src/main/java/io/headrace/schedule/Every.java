package io.headrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A tick each time that a period is over, counted from the beginning of 1970 in UTC: every 15
 * minutes is at :00, :15, :30 and :45, whenever anything was started.
 *
 * @param period of at least a second
 */
public record Every(Duration period) implements Trigger.Times {
  public Every {
    if (period.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("Invalid period " + period);
    }
  }

  @Override
  public Instant next(Instant after) {
    long millis = period.toMillis();
    return Instant.ofEpochMilli(
        Math.multiplyExact(Math.floorDiv(after.toEpochMilli(), millis) + 1, millis));
  }

  @Override
  public ZoneId zone() {
    return ZoneOffset.UTC;
  }
}
