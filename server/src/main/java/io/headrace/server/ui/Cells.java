package io.headrace.server.ui;

import io.headrace.engine.Session.ResultColumn;
import io.headrace.engine.Session.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as they are shown.
 *
 * @param truncated whether there are more
 */
public record Cells(List<Head> columns, List<List<Cell>> rows, boolean truncated) {
  private static final int WIDEST = 80;
  private static final int LONGEST = 2_000;

  /** The name and type of a column. */
  public record Head(String name, String type, boolean isNumber) {}

  /**
   * A value.
   *
   * @param whole the text if it is too wide to be shown, or empty
   * @param style {@code num}, {@code null} or empty
   */
  public record Cell(String text, String whole, String style) {}

  static Cells of(Rows rows) {
    List<Head> heads = new ArrayList<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      int at = i;
      ResultColumn column = rows.columns().get(i);
      boolean isNumber =
          rows.values().stream().map(row -> row.get(at)).anyMatch(Number.class::isInstance);
      heads.add(new Head(column.name(), column.type(), isNumber));
    }
    List<List<Cell>> cells =
        rows.values().stream().map(row -> row.stream().map(Cells::cell).toList()).toList();
    return new Cells(heads, cells, rows.truncated());
  }

  private static Cell cell(@Nullable Object value) {
    if (value == null) {
      return new Cell("null", "", "null");
    }
    if (value instanceof byte[] bytes) {
      return new Cell("%,d bytes".formatted(bytes.length), "", "null");
    }
    String text = value.toString();
    boolean isWide = text.length() > WIDEST;
    return new Cell(
        isWide ? text.substring(0, WIDEST - 1) + "…" : text,
        isWide ? text.substring(0, Math.min(LONGEST, text.length())) : "",
        value instanceof Number ? "num" : "");
  }
}
