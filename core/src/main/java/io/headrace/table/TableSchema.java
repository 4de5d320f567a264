package io.headrace.table;

import java.util.List;
import java.util.Optional;

/**
 * The columns of a version, each with its field id.
 *
 * @param columns in order; copied
 * @param lastColumnId the highest field id that the table ever used, so that none is used twice
 */
public record TableSchema(List<Column> columns, int lastColumnId) {
  public TableSchema {
    columns = List.copyOf(columns);
  }

  /** The column of that name, whatever its case. */
  public Optional<Column> find(String name) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }
}
