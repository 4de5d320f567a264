package io.headrace.query;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Session.Rows;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.List;

/** What the columns of a table hold, in figures. */
public final class Profile {
  private Profile() {}

  /**
   * The figures of one column.
   *
   * @param nulls how many values are null
   * @param distinct about how many different values there are
   * @param least the least value as text, or empty
   * @param greatest the greatest value as text, or empty
   */
  public record ColumnProfile(
      String name, String type, long nulls, long distinct, String least, String greatest) {}

  /** Computes the profile in one pass over the table. */
  public static List<ColumnProfile> of(Reader reader, TableName table, Cancellation cancel) {
    TableData data = reader.bind(table);
    List<String> measures = new ArrayList<>();
    for (Column column : data.schema().columns()) {
      String name = SqlNames.quote(column.name());
      boolean ordered =
          column.type() instanceof ColumnType.Primitive
              || column.type() instanceof ColumnType.Decimal;
      measures.add("count(*) - count(%s)".formatted(name));
      measures.add("approx_count_distinct(%s)".formatted(name));
      measures.add(ordered ? "CAST(min(%s) AS VARCHAR)".formatted(name) : "NULL");
      measures.add(ordered ? "CAST(max(%s) AS VARCHAR)".formatted(name) : "NULL");
    }
    String sql = "SELECT %s FROM %s".formatted(String.join(", ", measures), SqlNames.quote(table));
    Rows rows = reader.query(sql, 1, cancel);
    List<Object> values = rows.values().get(0);
    List<ColumnProfile> profile = new ArrayList<>();
    int at = 0;
    for (Column column : data.schema().columns()) {
      profile.add(
          new ColumnProfile(
              column.name(),
              column.type().toString(),
              ((Number) values.get(at)).longValue(),
              ((Number) values.get(at + 1)).longValue(),
              text(values.get(at + 2)),
              text(values.get(at + 3))));
      at += 4;
    }
    return profile;
  }

  private static String text(@org.jspecify.annotations.Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
