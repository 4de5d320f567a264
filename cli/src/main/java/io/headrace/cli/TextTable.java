package io.headrace.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines up texts in columns, two spaces apart. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Boolean> right;
  private final String indent;

  /**
   * A table without rows.
   *
   * @param alignment a character for each column: {@code l} for left, {@code r} for right
   */
  TextTable(String indent, String alignment) {
    this.indent = indent;
    this.right = alignment.chars().mapToObj(c -> c == 'r').toList();
  }

  TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    int[] widths = new int[right.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.size(); i++) {
        String blanks = " ".repeat(widths[i] - width(row.get(i)));
        line.append(right.get(i) ? blanks + row.get(i) : row.get(i) + blanks);
        line.append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
