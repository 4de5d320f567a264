package io.headrace.anomaly;

/** How far from what is expected a number must be to be unusual. */
public enum Sensitivity {
  LOW(10),
  NORMAL(4.5),
  HIGH(3.5);

  private final double deviations;

  Sensitivity(double deviations) {
    this.deviations = deviations;
  }

  /** In standard deviations of what came before. */
  double deviations() {
    return deviations;
  }
}
