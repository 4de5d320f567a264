package io.headrace.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.function.Consumer;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;

class ExcelTest extends Reading {
  private void book(String file, Map<String, Consumer<Worksheet>> sheets) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(file));
        Workbook book = new Workbook(out, "test", "1.0")) {
      new java.util.TreeMap<>(sheets)
          .forEach((name, content) -> content.accept(book.newWorksheet(name)));
    }
  }

  private static void row(Worksheet sheet, int row, Object... values) {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof LocalDate date) {
        sheet.value(row, i, date);
        sheet.style(row, i).format("dd/mm/yyyy").set();
      } else if (value instanceof LocalDateTime time) {
        sheet.value(row, i, time);
        sheet.style(row, i).format("yyyy-mm-dd hh:mm:ss").set();
      } else if (value instanceof Number number) {
        sheet.value(row, i, number);
      } else if (value instanceof Boolean bool) {
        sheet.value(row, i, bool);
      } else if (!value.equals("")) {
        sheet.value(row, i, value.toString());
      }
    }
  }

  @Test
  void theFirstRowNamesTheColumnsAndValuesTellTheirTypes() throws IOException {
    book(
        "a.xlsx",
        Map.of(
            "Sheet",
            sheet -> {
              row(sheet, 1, "id", "name", "price", "day", "at", "good", "remarks");
              row(
                  sheet,
                  2,
                  1,
                  "Ada \"x\"\n",
                  12.5,
                  LocalDate.of(2026, 1, 3),
                  LocalDateTime.of(2026, 1, 3, 10, 30),
                  true);
              row(sheet, 4, 2, "", 3, LocalDate.of(2026, 2, 4), LocalDateTime.of(2026, 2, 4, 0, 0));
            }));
    assertThat(columns(scan(Format.EXCEL, "a.xlsx")))
        .isEqualTo("id long, name string, price double, day date, at timestamp, good boolean");
    assertThat(rows(scan(Format.EXCEL, "a.xlsx")))
        .isEqualTo(
            "[1, Ada \"x\"\n, 12.5, 2026-01-03, 2026-01-03T10:30, true]\n"
                + "[2, null, 3.0, 2026-02-04, 2026-02-04T00:00, null]");
    assertThat(
            columns(
                with(
                    scan(Format.EXCEL, "a.xlsx"),
                    new DeclaredColumn("id", "INTEGER"),
                    new DeclaredColumn("price", "DECIMAL(9, 2)"))))
        .isEqualTo("id int, price decimal(9, 2)");
  }

  @Test
  void aNumberWithAFormatOfItsOwnIsNoDate() throws IOException {
    book(
        "a.xlsx",
        Map.of(
            "Sheet",
            sheet -> {
              row(sheet, 0, "paid");
              sheet.value(1, 0, 45);
              sheet.style(1, 0).format("0.00;[Red]0.00").set();
              sheet.formula(2, 0, "1+1");
            }));
    assertThat(rows(scan(Format.EXCEL, "a.xlsx"))).startsWith("[45]");
  }

  @Test
  void theSheetAndTheRowOfTheNamesCanBeSaid() throws IOException {
    book(
        "a.xlsx",
        Map.of(
            "First", sheet -> row(sheet, 0, "x"),
            "Second",
                sheet -> {
                  row(sheet, 0, "A report");
                  row(sheet, 2, "n");
                  row(sheet, 3, 5);
                }));
    assertThat(rows(scan(Format.EXCEL, Map.of("sheet", "Second", "header_row", "3"), "a.xlsx")))
        .isEqualTo("[5]");
    assertThatThrownBy(() -> rows(scan(Format.EXCEL, Map.of("sheet", "Secnd"), "a.xlsx")))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("There is no sheet 'Secnd'")
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Did you mean 'Second'?");
    assertThatThrownBy(() -> rows(scan(Format.EXCEL, Map.of("shet", "Second"), "a.xlsx")))
        .hasMessage("Unknown option 'shet' of excel files");
  }

  @Test
  void whatHasNoClearColumnsIsRefused() throws IOException {
    book(
        "twice.xlsx",
        Map.of(
            "S",
            sheet -> {
              row(sheet, 0, "a", "A");
              row(sheet, 1, 1, 2);
            }));
    assertThatThrownBy(() -> rows(scan(Format.EXCEL, "twice.xlsx")))
        .hasMessageContaining("have the name 'A'");
    book(
        "wide.xlsx",
        Map.of(
            "S",
            sheet -> {
              row(sheet, 0, "a");
              row(sheet, 1, 1, 2);
            }));
    assertThatThrownBy(() -> rows(scan(Format.EXCEL, "wide.xlsx")))
        .hasMessageContaining("cell B2 is in a column without a name");
    book("empty.xlsx", Map.of("S", sheet -> {}));
    assertThatThrownBy(() -> rows(scan(Format.EXCEL, "empty.xlsx")))
        .hasMessageContaining("There is no row in the sheet");
    write("text.xlsx", "a,b\n1,2\n");
    assertThatThrownBy(() -> rows(scan(Format.EXCEL, "text.xlsx")))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("as an Excel workbook");
  }
}
