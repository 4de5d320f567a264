package io.headrace.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A tick whose time has come, and those before it that it stands for.
 *
 * @param tick the last of them
 * @param missed how many there are besides it, between it and the tick that was dealt with before
 * @param runs whether it is to be run; if not, it is missed too
 */
public record Due(Instant tick, long missed, boolean runs) {
  public Due {
    requireNonNull(tick, "tick is null");
    if (missed < 0) {
      throw new IllegalArgumentException("Invalid number of missed ticks " + missed);
    }
  }
}
