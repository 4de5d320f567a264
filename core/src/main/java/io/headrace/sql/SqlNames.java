package io.headrace.sql;

import io.headrace.table.TableName;

/** Writes names and texts into SQL. */
public final class SqlNames {
  private SqlNames() {}

  /** A quoted identifier. */
  public static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A table by its quoted name, with its schema if it has one. */
  public static String quote(TableName table) {
    return table.schema().isEmpty()
        ? quote(table.name())
        : quote(table.schema()) + "." + quote(table.name());
  }

  /** A text literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
