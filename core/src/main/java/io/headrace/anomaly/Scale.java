package io.headrace.anomaly;

/** A scale on which the variation of numbers does not depend on their size. */
enum Scale {
  /** Of logarithms, since tables grow and shrink by percentages. */
  NUMBERS {
    @Override
    double of(double value) {
      return Math.log1p(Math.max(0, value));
    }

    @Override
    double back(double scaled) {
      return Math.expm1(Math.max(0, scaled));
    }

    /** What arrives by itself varies by the square root of its number (Poisson). */
    @Override
    double chance(double expected, double size) {
      return 1 / Math.sqrt(back(expected) + 1);
    }
  },

  /**
   * Of the angle whose squared sine a share is, of which a sample varies by the same amount
   * whatever the share is.
   */
  SHARES {
    @Override
    double of(double value) {
      return Math.asin(Math.sqrt(Math.min(1, Math.max(0, value))));
    }

    @Override
    double back(double scaled) {
      return Math.pow(Math.sin(Math.min(Math.PI / 2, Math.max(0, scaled))), 2);
    }

    @Override
    double chance(double expected, double size) {
      return 0.5 / Math.sqrt(Math.max(1, size));
    }
  },

  /** Of logarithms of seconds. Below ten seconds a difference means little. */
  SECONDS {
    private static final double LITTLE = 10;

    @Override
    double of(double value) {
      return Math.log(Math.max(0, value) + LITTLE);
    }

    @Override
    double back(double scaled) {
      return Math.max(0, Math.exp(scaled) - LITTLE);
    }

    @Override
    double chance(double expected, double size) {
      return 0;
    }
  };

  abstract double of(double value);

  /** The number at a place of the scale. */
  abstract double back(double scaled);

  /**
   * The standard deviation, on the scale, that chance alone brings about.
   *
   * @param expected on the scale
   * @param size of how many things it is a share
   */
  abstract double chance(double expected, double size);
}
