package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.FileScan;
import io.headrace.engine.Query.Format;
import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileScanTest extends WithSession {
  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static FileScan scan(
      Format format, List<Path> files, Map<String, String> options, DeclaredColumn... columns) {
    return new FileScan(format, files, List.of(columns), List.of(), new TreeMap<>(options));
  }

  private List<String> read(FileScan scan) {
    return warehouse.rows(warehouse.write(scan, List.of()));
  }

  private static DeclaredColumn column(String name, String type) {
    return new DeclaredColumn(name, type);
  }

  @Test
  void refusesCsvWhoseRowsDifferInLength() throws IOException {
    FileScan scan = scan(Format.CSV, List.of(file("a.csv", "id,n\n1,2\n3\n4,5\n")), Map.of());
    assertThatThrownBy(() -> session.describe(scan, Cancellation.never()))
        .hasMessageContaining("a.csv, line 3: Expected Number of Columns: 2 Found: 1")
        .hasMessageNotContaining("Possible fixes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b,c\n1,2,3,9\n4,5,6,8\n",
        "a,b,c\nx,y,z,w\np,q,r,s\n",
        "1,2,3\n4,5,6,7\n8,9,10,11\n",
        "a,b\n1,2,3\n4,5,6\n",
        "a,b,c\n1,2,3,,\n4,5,6,,\n",
      })
  void refusesCsvWhoseFirstLineWouldBeLeftOut(String content) throws IOException {
    Path usual = file("a.csv", "a,b\n1,2\n");
    FileScan scan = scan(Format.CSV, List.of(usual, file("b.csv", content)), Map.of());
    assertThatThrownBy(() -> session.describe(scan, Cancellation.never()))
        .hasMessageContaining("b.csv' into columns: the line at its begin has another number")
        .extracting(e -> ((HeadraceException) e).hint())
        .asString()
        .contains("skip: 1");
    assertThat(session.describe(skipping(scan), Cancellation.never())).isNotEmpty();
  }

  private static FileScan skipping(FileScan scan) {
    return scan(Format.CSV, scan.files(), Map.of("skip", "1"));
  }

  private Path packed(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void readsCsvBelowATitle() throws IOException {
    String content = "Report of \"May\n\nid,n\n1,2\n3,4\n";
    for (Path file : List.of(file("a.csv", content), packed("a.csv.gz", content))) {
      FileScan scan = scan(Format.CSV, List.of(file), Map.of());
      assertThat(session.describe(scan, Cancellation.never())).hasSize(2);
      assertThat(read(scan)).containsExactly("[1, 2]", "[3, 4]");
    }
  }

  @Test
  void refusesItInPackedCsvToo() throws IOException {
    String content = "a,b,c\n1,2,3,9\n4,5,6,8\n";
    Map<FileScan, String> scans =
        Map.of(
            scan(Format.CSV, List.of(packed("a.csv.gz", content)), Map.of()), "a.csv.gz",
            scan(Format.CSV, List.of(packed("a.csv", content)), Map.of("compression", "gzip")),
                "a.csv");
    scans.forEach(
        (scan, name) ->
            assertThatThrownBy(() -> session.describe(scan, Cancellation.never()))
                .hasMessageContaining(name + "' into columns: the line at its begin has another"));
  }

  @Test
  void readsCsvOfOneColumn() throws IOException {
    FileScan scan = scan(Format.CSV, List.of(file("a.csv", "name\na\nb\n")), Map.of());
    assertThat(read(scan)).hasSize(2);
  }

  @Test
  void infersWhatIsNotDeclared() throws IOException {
    FileScan scan =
        scan(Format.CSV, List.of(file("it's [1]*.csv", "id,day\n1,2026-01-31\n")), Map.of());
    assertThat(session.describe(scan, Cancellation.never()))
        .hasToString("[Column[id=0, name=id, type=long], Column[id=0, name=day, type=date]]");
    assertThat(read(scan)).containsExactly("[1, 2026-01-31]");
  }

  @Test
  void findsDeclaredColumnsByNameInFilesThatOrderThemDifferently() throws IOException {
    List<Path> files =
        List.of(file("a.csv", "id,code\n1,007\n"), file("b.csv", "code,more,id\n008,x,2\n"));
    assertThat(
            read(
                scan(
                    Format.CSV,
                    files,
                    Map.of(),
                    column("code", "VARCHAR"),
                    column("id", "DECIMAL(5, 1)"))))
        .containsExactly("[007, 1.0]", "[008, 2.0]");
  }

  @Test
  void takesDeclaredColumnsByPositionWithoutAHeader() throws IOException {
    FileScan scan =
        scan(
            Format.CSV,
            List.of(file("a.txt", "1;NA\n2;y\n")),
            Map.of("header", "false", "delim", ";", "nullstr", "NA"),
            column("n", "INTEGER"),
            column("s", "VARCHAR"));
    assertThat(read(scan)).containsExactly("[1, null]", "[2, y]");
  }

  @Test
  void takesListsAsOptions() throws IOException {
    FileScan scan =
        scan(Format.CSV, List.of(file("a.csv", "n\nNA\n-\n3\n")), Map.of("nullstr", "['NA', '-']"));
    assertThat(read(scan)).containsExactly("[null]", "[null]", "[3]");
  }

  @Test
  void readsFilesOfDifferentColumnsTogether() throws IOException {
    List<Path> files =
        List.of(file("a.json", "{\"a\": 1}\n{\"a\": 2}"), file("b.json", "{\"b\": [\"x\"]}"));
    assertThat(read(scan(Format.JSON, files, Map.of())))
        .containsExactly("[1, null]", "[2, null]", "[null, [x]]");
    assertThat(read(scan(Format.JSON, files, Map.of(), column("b", "JSON"), column("c", "DATE"))))
        .containsExactly("[null, null]", "[null, null]", "[[\"x\"], null]");
  }

  @Test
  void convertsDeclaredColumnsOfParquet() {
    Path file = Path.of(warehouse.write("SELECT 1 AS a, 'x' AS b").files().get(0).path());
    assertThat(read(scan(Format.PARQUET, List.of(file), Map.of(), column("a", "DOUBLE"))))
        .containsExactly("[1.0]");
  }

  @Test
  void reportsAColumnThatIsNotThereAndAnOptionThatDoesNotExist() throws IOException {
    List<Path> files = List.of(file("a.csv", "a\n1\n"));
    assertThatThrownBy(() -> read(scan(Format.CSV, files, Map.of(), column("b", "INTEGER"))))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("\"b\" do not exist");
    assertThatThrownBy(() -> read(scan(Format.CSV, files, Map.of("delimitr", ";"))))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("delimitr");
    assertThatThrownBy(() -> read(scan(Format.CSV, files, Map.of("x) --", ";"))))
        .isInstanceOf(HeadraceException.class)
        .hasMessage("Cannot read files: invalid option 'x) --'");
  }
}
