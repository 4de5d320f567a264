package io.headrace.anomaly;

/**
 * The range in which a number is not unusual, both ends included.
 *
 * @param observations how many numbers it was learned from
 */
public record Expectation(double least, double most, int observations) {

  /** Whether a number is as expected. */
  public boolean includes(double value) {
    return value >= least && value <= most;
  }
}
