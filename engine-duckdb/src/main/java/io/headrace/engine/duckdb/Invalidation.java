package io.headrace.engine.duckdb;

import java.sql.SQLException;
import java.util.Locale;

/** Tells errors after which a DuckDB instance does nothing any more. */
final class Invalidation {
  private Invalidation() {}

  /** Whether the instance was of no use already, whatever the statement was. */
  static boolean isSuffered(SQLException e) {
    return String.valueOf(e.getMessage()).contains("database has been invalidated");
  }

  /** Whether the statement itself made the instance useless. */
  static boolean isCaused(SQLException e) {
    String type = SqlErrors.type(e).toUpperCase(Locale.ROOT);
    return !isSuffered(e) && (type.equals("INTERNAL") || type.equals("FATAL"));
  }
}
