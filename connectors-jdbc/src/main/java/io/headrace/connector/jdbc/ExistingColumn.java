package io.headrace.connector.jdbc;

import io.headrace.table.ColumnType;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Locale;

/**
 * A column that is there.
 *
 * @param type in lower case, without its parameters
 * @param precision digits; 0 if any number of them
 * @param scale digits behind the point, or of the fraction of a second
 */
record ExistingColumn(String name, String type, int precision, int scale) {
  static ExistingColumn of(ResultSetMetaData meta, int index) throws SQLException {
    return new ExistingColumn(
        meta.getColumnLabel(index),
        meta.getColumnTypeName(index).toLowerCase(Locale.ROOT),
        meta.getPrecision(index),
        meta.getScale(index));
  }

  /** Whether a decimal of this precision and scale holds all numbers of a type. */
  boolean holdsDigits(ColumnType wanted) {
    int digits = 19;
    int fraction = 0;
    if (wanted == ColumnType.Primitive.INT) {
      digits = 10;
    } else if (wanted instanceof ColumnType.Decimal decimal) {
      digits = decimal.precision() - decimal.scale();
      fraction = decimal.scale();
    }
    return scale >= fraction && precision - scale >= digits;
  }
}
