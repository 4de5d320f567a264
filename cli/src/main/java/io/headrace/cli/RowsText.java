package io.headrace.cli;

import io.headrace.engine.Session.ResultColumn;
import io.headrace.engine.Session.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as a table of text. */
final class RowsText {
  private static final int WIDEST_CELL = 60;

  private RowsText() {}

  /** The first {@code most} rows under the names of their columns; numbers to the right. */
  static String of(Rows rows, int most, String indent) {
    StringBuilder alignment = new StringBuilder();
    for (int i = 0; i < rows.columns().size(); i++) {
      int column = i;
      boolean numeric =
          rows.values().stream().map(row -> row.get(column)).anyMatch(Number.class::isInstance);
      alignment.append(numeric ? 'r' : 'l');
    }
    TextTable table = new TextTable(indent, alignment.toString());
    List<String> names = rows.columns().stream().map(ResultColumn::name).toList();
    table.row(names.toArray(String[]::new));
    table.row(
        names.stream().map(name -> "-".repeat(Math.max(1, name.length()))).toArray(String[]::new));
    for (List<Object> row : rows.values().subList(0, Math.min(most, rows.values().size()))) {
      table.row(row.stream().map(RowsText::cell).toArray(String[]::new));
    }
    return table.toString();
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String text =
        value instanceof byte[] bytes ? "%d bytes".formatted(bytes.length) : value.toString();
    String line = text.replace("\n", "\\n");
    return line.length() > WIDEST_CELL ? line.substring(0, WIDEST_CELL - 3) + "..." : line;
  }
}
