package io.headrace.connector.jdbc;

import io.headrace.connector.staging.ExactText;
import io.headrace.error.HeadraceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the value of a column becomes text that the engine reads as the same value. */
@FunctionalInterface
interface Cell {
  /** As the driver has it. */
  Cell TEXT = ResultSet::getString;

  Cell BYTES = (rows, index) -> blob(rows.getBytes(index));

  Cell DOUBLE =
      (rows, index) -> {
        double value = rows.getDouble(index);
        return rows.wasNull() ? null : Double.toString(value);
      };

  /** Of a column that is selected as a double, because the text of a float has too few digits. */
  Cell FLOAT =
      (rows, index) -> {
        double value = rows.getDouble(index);
        return rows.wasNull() ? null : Float.toString((float) value);
      };

  /** The value in the current row, or null. */
  @Nullable String text(ResultSet rows, int index) throws SQLException;

  /** The same, which refuses values that the engine would not convert exactly. */
  default Cell exactly(String column, String type) {
    Optional<Predicate<String>> exact = ExactText.predicate(type);
    if (exact.isEmpty()) {
      return this;
    }
    Predicate<String> isExact = exact.get();
    return (rows, index) -> {
      String text = text(rows, index);
      if (text != null && !isExact.test(text)) {
        throw inexact(column, text, type);
      }
      return text;
    };
  }

  static HeadraceException inexact(String column, String value, String type) {
    String shown = value.length() > 100 ? value.substring(0, 100) + "..." : value;
    return new HeadraceException(
        "Column '%s' has the value '%s', which is not exactly a value of type %s"
            .formatted(column, shown, type),
        "Declare a type that has such values, such as VARCHAR, under `columns`, or leave such rows"
            + " out with `query`");
  }

  /** Bytes as the engine reads them. */
  static @Nullable String blob(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(bytes.length * 4);
    for (byte b : bytes) {
      text.append("\\x")
          .append(Character.forDigit((b >> 4) & 0xf, 16))
          .append(Character.forDigit(b & 0xf, 16));
    }
    return text.toString();
  }
}
