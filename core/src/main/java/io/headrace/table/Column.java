package io.headrace.table;

import static java.util.Objects.requireNonNull;

/**
 * A column, or a field inside a nested type.
 *
 * @param id the field id that ties the column to the data files; 0 while none is assigned
 * @param name as written; two columns of a table differ by more than case
 * @param type what it holds
 */
public record Column(int id, String name, ColumnType type) {
  public Column {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    if (id < 0) {
      throw new IllegalArgumentException("Invalid id %d of column '%s'".formatted(id, name));
    }
  }

  /** A column that has no field id yet. */
  public static Column of(String name, ColumnType type) {
    return new Column(0, name, type);
  }
}
