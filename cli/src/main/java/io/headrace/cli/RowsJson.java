package io.headrace.cli;

import io.headrace.engine.Session.ResultColumn;
import io.headrace.engine.Session.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as JSON objects. */
final class RowsJson {
  private RowsJson() {}

  /** An object for each row, its values by the names of their columns. */
  static List<Object> of(Rows rows) {
    List<Object> objects = new ArrayList<>();
    for (List<Object> row : rows.values()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      List<ResultColumn> columns = rows.columns();
      for (int i = 0; i < columns.size(); i++) {
        object.put(columns.get(i).name(), row.get(i));
      }
      objects.add(object);
    }
    return objects;
  }
}
