package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CsvRow;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Reads rows with a cursor of the driver, and writes them value by value. */
final class CsvRows {
  private static final int FETCHED_ROWS = 2000;

  private CsvRows() {}

  static void read(
      Connection connection,
      String sql,
      List<DatabaseColumn> columns,
      CsvFiles files,
      Cancellation cancel)
      throws SQLException, IOException {
    try (Statement statement =
            connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        Cancellation.Registration registration = cancel.onRequest(() -> stop(statement))) {
      statement.setFetchSize(FETCHED_ROWS);
      try (ResultSet rows = statement.executeQuery(sql)) {
        write(rows, columns, files, cancel);
      } catch (HeadraceException | IOException e) {
        // Otherwise the driver would read the rest of the rows when it closes the statement.
        stop(statement);
        throw e;
      }
    }
  }

  private static void write(
      ResultSet rows, List<DatabaseColumn> columns, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    CsvRow row = new CsvRow();
    while (rows.next()) {
      cancel.throwIfRequested();
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          row.separate();
        }
        DatabaseColumn column = columns.get(i);
        String text = column.cell().text(rows, i + 1);
        if (text != null) {
          put(row, column, text);
        }
      }
      row.end(files);
    }
  }

  private static void put(CsvRow row, DatabaseColumn column, String text) {
    if (!column.quoted()) {
      row.plain(text);
    } else if (!row.quoted(text)) {
      throw new HeadraceException(
          "Column '%s' has text with half of a character in it".formatted(column.name()),
          "Mend it in the database, or leave such rows out with `query`");
    }
  }

  static void stop(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      // It is over already, or the next row asks whether to go on.
    }
  }
}
