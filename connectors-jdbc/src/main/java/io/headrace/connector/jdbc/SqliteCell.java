package io.headrace.connector.jdbc;

import io.headrace.connector.staging.ExactText;
import io.headrace.error.HeadraceException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value of SQLite, which may be of another type than its column.
 *
 * @param type as the engine spells it
 */
record SqliteCell(String column, String type) implements Cell {
  private static final char REPLACEMENT = '\uFFFD';

  @Override
  public @Nullable String text(ResultSet rows, int index) throws SQLException {
    Object value = rows.getObject(index);
    if (value == null) {
      return null;
    }
    boolean isBlob = type.equalsIgnoreCase("BLOB");
    if (value instanceof byte[] bytes && isBlob) {
      return Cell.blob(bytes);
    }
    if (value instanceof byte[] || isBlob) {
      throw Cell.inexact(column, value instanceof byte[] ? "(bytes)" : value.toString(), type);
    }
    if (value instanceof String text) {
      requireText(text, rows, index);
      return text;
    }
    if (value instanceof Double number && ExactText.isDecimal(type)) {
      return number.isInfinite()
          ? number.toString()
          : new BigDecimal(number.toString()).toPlainString();
    }
    return value.toString();
  }

  /** The driver puts a mark where bytes are no text. */
  private void requireText(String text, ResultSet rows, int index) throws SQLException {
    if (text.indexOf(REPLACEMENT) >= 0
        && !Arrays.equals(rows.getBytes(index), text.getBytes(StandardCharsets.UTF_8))) {
      throw new HeadraceException(
          "Column '%s' has text that is not UTF-8".formatted(column),
          "Mend it, or read it with `query` as bytes: CAST(... AS BLOB)");
    }
  }
}
