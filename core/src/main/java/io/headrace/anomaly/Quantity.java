package io.headrace.anomaly;

/** What kind of number it is, which says how such numbers vary. */
public enum Quantity {
  /** How many there are of something. */
  COUNT(Scale.NUMBERS, 0.02),

  /** The same, where an engine estimates how many there are. */
  ESTIMATED_COUNT(Scale.NUMBERS, 0.05),

  /** Which part of {@code size} things are of some kind, 0 to 1. */
  SHARE(Scale.SHARES, 0.02),

  /** How long something took, in seconds. */
  DURATION(Scale.SECONDS, 0.05),

  /**
   * How long nothing came, in seconds. Nights and weekends are among what came before, so that what
   * was there twice is not unusual.
   */
  GAP(Scale.SECONDS, 0.05);

  private final Scale scale;
  private final double leastDeviation;

  Quantity(Scale scale, double leastDeviation) {
    this.scale = scale;
    this.leastDeviation = leastDeviation;
  }

  Scale scale() {
    return scale;
  }

  /** The least standard deviation that is believed, on the scale, however steady a history was. */
  double leastDeviation() {
    return leastDeviation;
  }
}
