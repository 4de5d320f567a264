package io.headrace.connector.files;

import io.headrace.connector.FileWriter;
import io.headrace.connector.staging.CsvReader;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Writes a workbook of one sheet. Each cell has a type: a text that begins like a formula is a
 * text. What a cell of Excel would change, such as a number of more digits than it keeps, is a text
 * too.
 */
public final class ExcelWriter implements FileWriter {
  private static final int MOST_ROWS = 1_048_575;
  private static final int MOST_COLUMNS = 16_384;
  private static final int LONGEST_TEXT = 32_767;

  /** After so many rows they go to the file. */
  private static final int ROWS_IN_MEMORY = 500;

  /** Excel believes that there was a 29th of February in 1900. */
  private static final LocalDate FIRST_DAY = LocalDate.of(1900, 3, 1);

  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);
  private static final String DAY_FORMAT = "yyyy-mm-dd";
  private static final String TIME_FORMAT = "yyyy-mm-dd hh:mm:ss.000";

  @Override
  public ExportFormat format() {
    return ExportFormat.EXCEL;
  }

  @Override
  public void write(List<Column> columns, Path rows, Path target, Cancellation cancel)
      throws IOException {
    if (columns.size() > MOST_COLUMNS) {
      throw new HeadraceException(
          "A sheet of Excel has %,d columns, and not %,d".formatted(MOST_COLUMNS, columns.size()),
          "Export fewer columns, or to .csv or .parquet");
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target));
        Workbook book = new Workbook(out, "Headrace", "1.0");
        Worksheet sheet = book.newWorksheet("Sheet1");
        CsvReader values = new CsvReader(rows, columns.size())) {
      for (int i = 0; i < columns.size(); i++) {
        text(sheet, 0, i, columns.get(i), columns.get(i).name());
      }
      for (int row = 1; values.next(); row++) {
        cancel.throwIfRequested();
        if (row > MOST_ROWS) {
          throw new HeadraceException(
              "A sheet of Excel has no more than %,d rows, and there are more".formatted(MOST_ROWS),
              "Export to .csv or .parquet, or a table with fewer rows");
        }
        for (int i = 0; i < columns.size(); i++) {
          String value = values.value(i);
          if (value != null) {
            put(sheet, row, i, columns.get(i), value);
          }
        }
        if (row % ROWS_IN_MEMORY == 0) {
          sheet.flush();
        }
      }
    }
  }

  private static void put(Worksheet sheet, int row, int index, Column column, String value) {
    boolean isWritten =
        column.type() instanceof Primitive primitive
            ? switch (primitive) {
              case BOOLEAN -> {
                sheet.value(row, index, Boolean.valueOf(value));
                yield true;
              }
              case INT, LONG, FLOAT, DOUBLE -> number(sheet, row, index, value);
              case DATE -> day(sheet, row, index, value);
              case TIMESTAMP, TIMESTAMPTZ -> moment(sheet, row, index, value);
              case TIME, STRING, BINARY, UUID -> false;
            }
            : column.type() instanceof ColumnType.Decimal && number(sheet, row, index, value);
    if (!isWritten) {
      text(sheet, row, index, column, value);
    }
  }

  /** Writes it unless it has more digits than Excel keeps, or none at all, such as infinity. */
  private static boolean number(Worksheet sheet, int row, int index, String value) {
    try {
      BigDecimal exact = new BigDecimal(value);
      double number = exact.doubleValue();
      boolean isKept =
          Double.isFinite(number)
              && new BigDecimal(Double.toString(number)).compareTo(exact) == 0
              && !(number == 0 && value.startsWith("-"));
      if (isKept) {
        sheet.value(row, index, number);
      }
      return isKept;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean day(Worksheet sheet, int row, int index, String value) {
    try {
      LocalDate day = LocalDate.parse(value);
      if (!isKnown(day)) {
        return false;
      }
      sheet.value(row, index, day);
      sheet.style(row, index).format(DAY_FORMAT).set();
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Writes it unless it has fractions of a millisecond. */
  private static boolean moment(Worksheet sheet, int row, int index, String value) {
    try {
      LocalDateTime moment =
          LocalDateTime.parse(value.replaceFirst("\\+00(:00)?$", "").replace(' ', 'T'));
      if (!isKnown(moment.toLocalDate())
          || moment.get(ChronoField.NANO_OF_SECOND) % 1_000_000 > 0) {
        return false;
      }
      sheet.value(row, index, moment);
      sheet.style(row, index).format(TIME_FORMAT).set();
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isKnown(LocalDate day) {
    return !day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY);
  }

  private static void text(Worksheet sheet, int row, int index, Column column, String value) {
    if (value.length() > LONGEST_TEXT) {
      throw new HeadraceException(
          "Column '%s' has a text of %,d characters in row %,d, and a cell of Excel holds %,d"
              .formatted(column.name(), value.length(), row, LONGEST_TEXT),
          "Cut it with left(%s, %d), or export to .csv or .parquet"
              .formatted(column.name(), LONGEST_TEXT));
    }
    value
        .chars()
        .filter(c -> (c < ' ' && c != '\t' && c != '\n') || c == '\uFFFE' || c == '\uFFFF')
        .findFirst()
        .ifPresent(
            c -> {
              throw new HeadraceException(
                  "Column '%s' has a text with the character U+%04X in row %,d, which no cell of Excel holds"
                      .formatted(column.name(), c, row),
                  "Take it out with replace() or regexp_replace(), or export to .csv or .parquet");
            });
    sheet.inlineString(row, index, value);
  }
}
