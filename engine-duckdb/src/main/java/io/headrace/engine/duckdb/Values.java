package io.headrace.engine.duckdb;

import io.headrace.engine.Session.ResultColumn;
import io.headrace.engine.Session.Rows;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** Reads rows into plain Java values. */
final class Values {
  private Values() {}

  /** Reads up to {@code limit} rows. */
  static Rows read(ResultSet results, long limit) throws SQLException {
    ResultSetMetaData meta = results.getMetaData();
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new ResultColumn(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    List<List<Object>> rows = new ArrayList<>();
    while (results.next()) {
      if (rows.size() >= limit) {
        return new Rows(List.copyOf(columns), Collections.unmodifiableList(rows), true);
      }
      rows.add(row(results, columns));
    }
    return new Rows(List.copyOf(columns), Collections.unmodifiableList(rows), false);
  }

  @SuppressWarnings("NullAway") // A row holds nulls, which List<Object> cannot say.
  private static List<Object> row(ResultSet results, List<ResultColumn> columns)
      throws SQLException {
    List<Object> row = new ArrayList<>(columns.size());
    for (int i = 1; i <= columns.size(); i++) {
      String type = columns.get(i - 1).type();
      boolean local =
          type.startsWith("TIMESTAMP") && !type.contains("TZ") && !type.contains("ZONE");
      // Through java.sql.Timestamp, times that the machine's zone skips would be moved.
      Object value =
          local && !type.endsWith("]")
              ? results.getObject(i, LocalDateTime.class)
              : results.getObject(i);
      row.add(plain(value));
    }
    return Collections.unmodifiableList(row);
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Blob blob) {
      return blob.getBytes(1, (int) blob.length());
    }
    if (value instanceof Array array) {
      List<@Nullable Object> items = new ArrayList<>();
      for (Object item : (Object[]) array.getArray()) {
        items.add(plain(item));
      }
      return Collections.unmodifiableList(items);
    }
    if (value instanceof DuckDBStruct struct) {
      return plainMap(struct.getMap());
    }
    if (value instanceof Map<?, ?> map) {
      return plainMap(map);
    }
    if (value instanceof Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    }
    boolean isTime = value.getClass().getName().startsWith("java.time.");
    return isTime ? value : value.toString();
  }

  private static Map<@Nullable Object, @Nullable Object> plainMap(Map<?, ?> map)
      throws SQLException {
    Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      result.put(plain(entry.getKey()), plain(entry.getValue()));
    }
    return Collections.unmodifiableMap(result);
  }
}
