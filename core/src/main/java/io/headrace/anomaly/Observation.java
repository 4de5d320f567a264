package io.headrace.anomaly;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** A number that was measured at a time. */
public record Observation(Instant at, double value) {
  public Observation {
    requireNonNull(at, "at is null");
  }
}
