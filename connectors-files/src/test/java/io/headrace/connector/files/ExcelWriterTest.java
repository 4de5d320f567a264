package io.headrace.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.engine.Query.Select;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written is read back, value for value. */
class ExcelWriterTest extends Reading {
  private void write(String sql) throws IOException {
    Files.deleteIfExists(folder.resolve("a.xlsx"));
    export(new Select(sql), folder.resolve("a.xlsx"), Cancellation.never());
  }

  private String written(DeclaredColumn... columns) {
    return rows(with(scan(Format.EXCEL, "a.xlsx"), columns));
  }

  @Test
  void valuesKeepTheirTypes() throws IOException {
    write(
        """
        SELECT 1 AS id, 9007199254740992 AS big, 0.1::DECIMAL(9, 2) AS price, 2.5::DOUBLE AS share,
          DATE '2026-01-03' AS day, TIMESTAMP '2026-01-03 10:30:00.125' AS at, true AS good, 'Ada' AS name
        UNION ALL SELECT 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        UNION ALL SELECT 2, 5, 99.99, 1e300, DATE '9999-12-31', TIMESTAMP '1970-01-01 00:00:00', false, ''""");
    assertThat(columns(scan(Format.EXCEL, "a.xlsx")))
        .isEqualTo(
            "id long, big long, price double, share double, day date, at timestamp, good boolean, name string");
    assertThat(written())
        .isEqualTo(
            """
            [1, 9007199254740992, 0.1, 2.5, 2026-01-03, 2026-01-03T10:30:00.125, true, Ada]
            [3, null, null, null, null, null, null, null]
            [2, 5, 99.99, 1.0E300, 9999-12-31, 1970-01-01T00:00, false, ]""");
  }

  @Test
  void whatACellWouldChangeIsText() throws IOException {
    write(
        """
        SELECT 9007199254740993 AS a, 12345678901234567890.123::DECIMAL(38, 3) AS b, 'NaN'::DOUBLE AS c,
          'infinity'::DOUBLE AS d, DATE '1900-02-28' AS e, TIMESTAMP '2026-01-03 10:30:00.000001' AS f,
          TIME '10:30:00' AS g, [1, 2] AS h, '-0.0'::DOUBLE AS i""");
    assertThat(columns(scan(Format.EXCEL, "a.xlsx"))).doesNotContain("double");
    assertThat(
            written(
                new DeclaredColumn("a", "BIGINT"),
                new DeclaredColumn("b", "DECIMAL(38, 3)"),
                new DeclaredColumn("c", "DOUBLE"),
                new DeclaredColumn("d", "DOUBLE"),
                new DeclaredColumn("e", "DATE"),
                new DeclaredColumn("f", "TIMESTAMP"),
                new DeclaredColumn("g", "TIME"),
                new DeclaredColumn("h", "VARCHAR"),
                new DeclaredColumn("i", "DOUBLE")))
        .isEqualTo(
            "[9007199254740993, 12345678901234567890.123, NaN, Infinity, 1900-02-28,"
                + " 2026-01-03T10:30:00.000001, 10:30, [1, 2], -0.0]");
  }

  @Test
  void textsStayAsTheyAre() throws IOException {
    write(
        """
        SELECT unnest(['=1+1', '+1', '@a', ' x ', 'a"b', '<&>', e'a\\nb\\tc', '漢字 😀', '007', '2026-01-03']) AS t""");
    assertThat(written())
        .isEqualTo(
            "[=1+1]\n[+1]\n[@a]\n[ x ]\n[a\"b]\n[<&>]\n[a\nb\tc]\n[漢字 😀]\n[007]\n[2026-01-03]");
  }

  @Test
  void aTextMayBeAsLongAsACellAllows() throws IOException {
    write("SELECT repeat('x', 32767) AS t");
    assertThat(written()).hasSize(32767 + 2);
  }

  @Test
  void whatExcelCannotHoldIsRefusedAndLeavesNothing() throws IOException {
    for (String sql :
        new String[] {
          "SELECT repeat('x', 32768) AS t",
          "SELECT 'a' || chr(1) AS t",
          "SELECT i FROM range(1048576) AS t(i)"
        }) {
      assertThatThrownBy(() -> write(sql))
          .isInstanceOf(HeadraceException.class)
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .contains(".csv");
    }
    Cancellation.Child cancel = Cancellation.never().child();
    cancel.cancellation().request("stopped");
    assertThatThrownBy(
            () -> export(new Select("SELECT 1"), folder.resolve("a.xlsx"), cancel.cancellation()))
        .isInstanceOf(CancelledException.class);
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aSheetIsAsLongAsExcelAllows() throws IOException {
    write("SELECT i FROM range(1048575) AS t(i)");
    assertThat(Files.size(folder.resolve("a.xlsx"))).isPositive();
    assertThat(columns(scan(Format.EXCEL, "a.xlsx"))).isEqualTo("i long");
  }

  private void export(Select rows, Path target, Cancellation cancel) {
    export(rows, target, ExportFormat.EXCEL, cancel);
  }
}
