package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Query.Format;
import io.headrace.faults.Reads.Kind;
import io.headrace.faults.Reads.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are out to hurt whoever reads them. Each gives an error that names the file and says
 * what to do, or the rows that are in it, within a time and a memory.
 *
 * <p>{@code -Dheadrace.full=true} makes the large ones sixteen times as large.
 */
@Order(5)
class HostileFilesTest {
  private static final int MEGA = 1 << 20;
  private static final int LARGE = (Boolean.getBoolean("headrace.full") ? 1024 : 64) * MEGA;
  private static final int WIDE = 100_000;

  /** Any error will do, as long as it is clear. */
  private static final String REFUSED = "";

  @TempDir Path folder;
  private final List<Reads.File> files = new ArrayList<>();
  private final Map<Path, String> expected = new HashMap<>();

  /** Adds a file; if it is not to be refused, its rows are those. */
  private void file(Format format, String name, String rows, byte[] bytes, String... options)
      throws IOException {
    Files.write(folder.resolve(name), bytes);
    noFile(format, name, rows, options);
  }

  private void noFile(Format format, String name, String rows, String... options) {
    files.add(new Reads.File(format, folder.resolve(name), List.of(options)));
    expected.put(folder.resolve(name), rows);
  }

  private void requireAsExpected() throws IOException {
    List<Outcome> outcomes = Reads.of(Files.createDirectory(folder.resolve("scratch")), files);
    for (Outcome outcome : outcomes) {
      String rows = expected.getOrDefault(outcome.file().path(), REFUSED);
      if (rows.equals(REFUSED)) {
        assertThat(outcome.isClearError()).as(outcome.toString()).isTrue();
      } else {
        assertThat(outcome.kind()).as(outcome.toString()).isEqualTo(Kind.ROWS);
        assertThat(outcome.rows() + ": " + outcome.text()).startsWith(rows);
      }
      assertThat(outcome.megabytes()).as(outcome.toString()).isLessThan(Reads.MOST_MEGABYTES);
    }
    assertThat(outcomes).hasSameSizeAs(files);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Writes a file with so many bytes of one letter in the middle. */
  private void large(Format format, String name, String before, String after) throws IOException {
    Path path = folder.resolve(name);
    byte[] letters = "x".repeat(MEGA).getBytes(StandardCharsets.UTF_8);
    try (OutputStream raw = Files.newOutputStream(path);
        OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
      out.write(bytes(before));
      for (int i = 0; i < LARGE / MEGA; i++) {
        out.write(letters);
      }
      out.write(bytes(after));
    }
    noFile(format, name, REFUSED, format == Format.XML ? new String[] {"row=row"} : new String[0]);
  }

  @Test
  void bytesThatAreNoTextAndLinesThatEndInManyWays() throws IOException {
    String table = "id,name\n1,Ä\n2,b\n";
    file(Format.CSV, "bom.csv", "2: [1, Ä]\\n[2, b]", bytes("\uFEFF" + table));
    file(Format.JSON, "bom.json", "2: [1]\\n[2]", bytes("\uFEFF{\"a\":1}\n{\"a\":2}\n"));
    file(Format.CSV, "utf16.csv", REFUSED, table.getBytes(StandardCharsets.UTF_16));
    file(Format.JSON, "utf16.json", REFUSED, "{\"a\":1}".getBytes(StandardCharsets.UTF_16));
    file(Format.CSV, "latin.csv", REFUSED, table.getBytes(Charset.forName("ISO-8859-1")));
    file(
        Format.CSV,
        "said.csv",
        "2: [1, Ä]\\n[2, b]",
        table.getBytes(Charset.forName("ISO-8859-1")),
        "encoding=latin-1");
    file(
        Format.JSON, "invalid.json", REFUSED, joined(bytes("{\"a\":\""), new byte[] {-1, 34, 125}));
    file(Format.CSV, "nul.csv", "2: [1, a\0b]\\n[2, c]", bytes("id,name\n1,a\0b\n2,c\n"));
    file(Format.CSV, "nuls.csv", REFUSED, joined(bytes("id,name\n1,a\n"), new byte[5000]));
    file(Format.JSON, "nul.json", "1: [x\0y]", bytes("{\"a\":\"x\\u0000y\"}\n"));
    file(Format.CSV, "mixed.csv", REFUSED, bytes("id,name\n1,a\r\n2,b\r3,c\n"));
    file(
        Format.CSV,
        "quote.csv",
        "3: [1, \"abc]\\n[2, b]\\n[3, c]",
        bytes("id,name\n1,\"abc\n2,b\n3,c\n"));
    requireAsExpected();
  }

  @Test
  void whatIsTooLargeIsRefusedInItsOwnTime() throws IOException {
    large(Format.CSV, "field.csv", "id,name\n1,\"", "\"\n");
    large(Format.CSV, "field.csv.gz", "id,name\n1,", "\n");
    large(Format.JSON, "endless.ndjson", "{\"a\":1}\n{\"a\":\"", "");
    large(Format.JSON, "endless.json.gz", "{\"a\":\"", "");
    large(Format.XML, "text.xml", "<r><row><a>", "</a></row></r>");
    large(Format.XML, "attribute.xml", "<r><row a=\"", "\"/></r>");
    String names = IntStream.range(0, WIDE).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    String ones = "1,".repeat(WIDE - 1) + "1";
    Files.writeString(folder.resolve("wide.csv"), names + "\n" + ones + "\n");
    files.add(new Reads.File(Format.CSV, folder.resolve("wide.csv"), List.of()));
    List<Outcome> outcomes = Reads.of(Files.createDirectory(folder.resolve("scratch")), files);
    for (Outcome outcome : outcomes) {
      assertThat(outcome.kind()).as(outcome.toString()).isEqualTo(Kind.ERROR);
      assertThat(outcome.hint()).as(outcome.toString()).isNotEmpty();
      assertThat(outcome.hint().length()).as(outcome.toString()).isLessThan(500);
      assertThat(outcome.megabytes()).as(outcome.toString()).isLessThan(Reads.MOST_MEGABYTES);
    }
  }

  @Test
  void jsonThatIsDeepOrCutOff() throws IOException {
    file(Format.JSON, "deep.json", REFUSED, bytes("[".repeat(WIDE) + "]".repeat(WIDE)));
    file(
        Format.JSON,
        "objects.json",
        REFUSED,
        bytes("{\"a\":".repeat(WIDE) + "1" + "}".repeat(WIDE)));
    file(Format.JSON, "comma.json", REFUSED, bytes("[{\"a\":1},{\"a\":2},"));
    file(Format.JSON, "lines.json", REFUSED, bytes("[\n{\"a\":1},\n{\"a\":2},\n"));
    file(Format.JSON, "open.json", REFUSED, bytes("[{\"a\":1},{\"a\":2}"));
    file(Format.JSON, "row.ndjson", REFUSED, bytes("{\"a\":1}\n{\"a\":2}\n{\"a\":"));
    file(Format.JSON, "whole.json", "2: [1]\\n[2]", bytes("[{\"a\":1},{\"a\":2}]\n\n"));
    requireAsExpected();
  }

  @Test
  void xmlWithEntitiesDepthAndManyNames() throws IOException {
    String entity = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    file(
        Format.XML,
        "entity.xml",
        REFUSED,
        bytes(entity + "<r><row><a>&x;</a></row></r>"),
        "row=row");
    file(
        Format.XML,
        "laughs.xml",
        REFUSED,
        bytes("<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><r><row>&b;</row></r>"),
        "row=row");
    file(
        Format.XML,
        "deep.xml",
        REFUSED,
        bytes("<r>" + "<row>".repeat(WIDE) + "</row>".repeat(WIDE) + "</r>"),
        "row=row");
    StringBuilder names = new StringBuilder("<r>");
    for (int i = 0; i < 20 * WIDE; i++) {
      names.append("<n").append(i).append("/>");
    }
    file(Format.XML, "names.xml", REFUSED, bytes(names + "</r>"), "row=row");
    file(Format.XML, "cut.xml", REFUSED, bytes("<r><row><a>1</a></row><row>"), "row=row");
    requireAsExpected();
  }

  @Test
  void whatIsNoFileOrHasNothingInIt() throws IOException {
    for (Format format : List.of(Format.CSV, Format.PARQUET, Format.AVRO, Format.EXCEL)) {
      Files.createDirectory(folder.resolve("folder." + format));
      noFile(format, "folder." + format, REFUSED);
      noFile(format, "gone." + format, REFUSED);
    }
    for (Format format : List.of(Format.PARQUET, Format.AVRO, Format.EXCEL, Format.XML)) {
      file(format, "empty." + format, REFUSED, new byte[0]);
    }
    file(Format.CSV, "empty.csv", "0: ", new byte[0]);
    file(Format.JSON, "empty.json", "0: ", new byte[0]);
    requireAsExpected();
  }

  @Test
  void aBadFileTakesNoOtherWithIt() throws IOException {
    Path good = folder.resolve("good.parquet");
    SampleFiles.parquet(good, "SELECT i, 'name ' || i AS name FROM range(1000) AS t(i)");
    byte[] bytes = Files.readAllBytes(good);
    // The header of the first page, where a bit is enough to make a size negative.
    for (int bit = 4 * 8; bit < 36 * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Path bad = folder.resolve("bad%d.parquet".formatted(bit));
      Files.write(bad, damaged);
      files.add(new Reads.File(Format.PARQUET, bad, List.of()));
      files.add(new Reads.File(Format.PARQUET, good, List.of()));
    }
    for (Outcome outcome : Reads.of(Files.createDirectory(folder.resolve("scratch")), files)) {
      if (outcome.file().path().equals(good)) {
        assertThat(outcome.rows()).as(outcome.toString()).isEqualTo(1000);
      } else {
        assertThat(outcome.kind()).as(outcome.toString()).isIn(Kind.ROWS, Kind.ERROR);
      }
    }
  }
}
