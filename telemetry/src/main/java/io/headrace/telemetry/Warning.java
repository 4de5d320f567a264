package io.headrace.telemetry;

import java.util.Locale;

/**
 * Says, where a process says its errors, that somebody could not be told of a run. The run is as
 * good as without him.
 */
final class Warning {
  private Warning() {}

  static void tell(String format, Object... values) {
    System.err.printf(Locale.ROOT, "warning: " + format + "%n", values);
  }
}
