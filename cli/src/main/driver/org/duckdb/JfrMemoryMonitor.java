package org.duckdb;

/**
 * Takes the place of the driver's class of this name in the distribution. That one announces an
 * event to Java's flight recorder at the first connection, which takes longer than the connection.
 */
final class JfrMemoryMonitor {
  private JfrMemoryMonitor() {}

  static void init() {}

  static void connectionOpened(DuckDBConnection connection) {}

  static void connectionClosed(long database) {}
}
