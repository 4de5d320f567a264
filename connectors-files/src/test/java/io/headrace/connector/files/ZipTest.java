package io.headrace.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Query.Format;
import io.headrace.engine.Query.PathColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ZipTest extends Reading {
  private void zip(String file, Map<String, byte[]> entries) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : new TreeMap<>(entries).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void allFilesInAnArchiveAreRead() throws IOException {
    zip(
        "data/2026-01.csv.zip",
        Map.of("a.csv", bytes("n\n1\n"), "in/b.csv", bytes("n\n2\n"), "__MACOSX/x", bytes("x")));
    assertThat(rows(scan(Format.CSV, "data/2026-01.csv.zip"))).isEqualTo("[1]\n[2]");
    assertThat(
            rows(
                with(
                    scan(Format.CSV, "data/2026-01.csv.zip"),
                    new PathColumn("month", "data/([^/]*)\\.csv\\.zip$"))))
        .isEqualTo("[1, 2026-01]\n[2, 2026-01]");
    zip("x.zip", Map.of("a.xml", bytes("<s><order id='7'/></s>")));
    assertThat(rows(scan(Format.XML, Map.of("row", "order"), "x.zip"))).isEqualTo("[7]");
  }

  @Test
  void whatIsConvertedIsGoneWhenTheSessionIsClosed() throws IOException {
    zip("a.zip", Map.of("a.csv", bytes("n\n1\n")));
    rows(scan(Format.CSV, "a.zip"));
    close();
    try (Stream<Path> left = Files.walk(folder.resolve("scratch"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void trapsAndDamageAreRefused() throws IOException {
    zip("bomb.zip", Map.of("a.csv", new byte[300_000_000]));
    zip("empty.zip", Map.of());
    write("text.zip", "n\n1\n");
    for (String file : new String[] {"bomb.zip", "empty.zip", "text.zip"}) {
      assertThatThrownBy(() -> rows(scan(Format.CSV, file)))
          .as(file)
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining(file)
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .isNotEmpty();
    }
  }
}
