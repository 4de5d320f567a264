package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvReader;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Writes rows with a statement of the driver, many at a time. */
final class BatchLoad {
  private static final int MOST_ROWS = 1000;
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int PREFIX_OF_BYTES = 2;

  private BatchLoad() {}

  /** Gives a value to a parameter of a statement. */
  interface Binder {
    void bind(PreparedStatement statement, int index, Column column, String text)
        throws SQLException;
  }

  static void load(
      Connection connection,
      String table,
      List<Column> columns,
      Path rows,
      Binder binder,
      Cancellation cancel)
      throws SQLException, IOException {
    String places = String.join(", ", Collections.nCopies(columns.size(), "?"));
    try (CsvReader csv = new CsvReader(rows, columns.size());
        PreparedStatement statement =
            connection.prepareStatement("INSERT INTO %s VALUES (%s)".formatted(table, places))) {
      int count = 0;
      int characters = 0;
      while (csv.next()) {
        for (int i = 0; i < columns.size(); i++) {
          String text = csv.value(i);
          if (text == null) {
            statement.setNull(i + 1, Types.VARCHAR);
          } else {
            characters += text.length();
            binder.bind(statement, i + 1, columns.get(i), text);
          }
        }
        statement.addBatch();
        if (++count == MOST_ROWS || characters > MOST_CHARACTERS) {
          cancel.throwIfRequested();
          statement.executeBatch();
          count = 0;
          characters = 0;
        }
      }
      if (count > 0) {
        statement.executeBatch();
      }
    }
  }

  static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text.substring(PREFIX_OF_BYTES));
  }

  /** A floating-point number that the engine wrote. */
  static double number(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  static boolean isFloat(ColumnType type) {
    return type == ColumnType.Primitive.FLOAT || type == ColumnType.Primitive.DOUBLE;
  }

  static HeadraceException noValue(Column column, String text) {
    return new HeadraceException(
        "Column '%s' has the value '%s', which the database has no value for"
            .formatted(column.name(), text),
        "Make it NULL in a query, or convert the column to text there, and export that");
  }
}
