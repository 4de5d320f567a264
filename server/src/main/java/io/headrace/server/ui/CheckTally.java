package io.headrace.server.ui;

/**
 * What checks say, counted.
 *
 * @param unknown how many were not asked of this version, or say another thing each time
 */
public record CheckTally(int passed, int failed, int unknown) {
  static final CheckTally NONE = new CheckTally(0, 0, 0);

  public boolean isEmpty() {
    return passed + failed + unknown == 0;
  }
}
