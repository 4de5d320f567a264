package io.headrace.anomaly;

/**
 * What kind of number it is, which says how such numbers vary. Each is looked at on a scale on
 * which its variation does not depend on its size.
 */
public enum Quantity {
  /**
   * How many there are of something. On the scale of logarithms, since tables grow and shrink by
   * percentages. What arrives by itself varies by at least the square root of its number (Poisson).
   */
  COUNT(0.02) {
    @Override
    double toScale(double value) {
      return Math.log1p(Math.max(0, value));
    }

    @Override
    double fromScale(double scaled) {
      return Math.expm1(Math.max(0, scaled));
    }

    @Override
    double chance(double expected, double size) {
      return 1 / Math.sqrt(fromScale(expected) + 1);
    }
  },

  /** The same, where an engine estimates how many there are. */
  ESTIMATED_COUNT(0.05) {
    @Override
    double toScale(double value) {
      return COUNT.toScale(value);
    }

    @Override
    double fromScale(double scaled) {
      return COUNT.fromScale(scaled);
    }

    @Override
    double chance(double expected, double size) {
      return COUNT.chance(expected, size);
    }
  },

  /**
   * Which part of {@code size} things are of some kind, 0 to 1. As the angle whose squared sine it
   * is, of which a sample of that size varies by the same amount whatever the part is.
   */
  SHARE(0.02) {
    @Override
    double toScale(double value) {
      return Math.asin(Math.sqrt(Math.min(1, Math.max(0, value))));
    }

    @Override
    double fromScale(double scaled) {
      return Math.pow(Math.sin(Math.min(Math.PI / 2, Math.max(0, scaled))), 2);
    }

    @Override
    double chance(double expected, double size) {
      return 0.5 / Math.sqrt(Math.max(1, size));
    }
  },

  /** How long something took, in seconds. Below ten seconds a difference means little. */
  DURATION(0.05) {
    private static final double LITTLE = 10;

    @Override
    double toScale(double value) {
      return Math.log(Math.max(0, value) + LITTLE);
    }

    @Override
    double fromScale(double scaled) {
      return Math.max(0, Math.exp(scaled) - LITTLE);
    }

    @Override
    double chance(double expected, double size) {
      return 0;
    }
  },

  /**
   * How long nothing came, in seconds. Nights and weekends are among what came before, so that what
   * was there twice is not unusual.
   */
  GAP(0.05) {
    @Override
    double toScale(double value) {
      return DURATION.toScale(value);
    }

    @Override
    double fromScale(double scaled) {
      return DURATION.fromScale(scaled);
    }

    @Override
    double chance(double expected, double size) {
      return 0;
    }
  };

  private final double least;

  Quantity(double least) {
    this.least = least;
  }

  /** The least standard deviation that is believed, on the scale, however steady a history was. */
  double leastDeviation() {
    return least;
  }

  abstract double toScale(double value);

  abstract double fromScale(double scaled);

  /**
   * The standard deviation, on the scale, that chance alone brings about.
   *
   * @param expected on the scale
   * @param size of how many things it is a share
   */
  abstract double chance(double expected, double size);
}
