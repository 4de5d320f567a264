package io.headrace.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.connector.Staged;
import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CsvRow;
import io.headrace.engine.Query.DeclaredColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFilesTest {
  private static final List<DeclaredColumn> COLUMNS =
      List.of(new DeclaredColumn("n", "BIGINT"), new DeclaredColumn("t", "VARCHAR"));

  @TempDir Path folder;

  /** Text that has lines which look like rows, in a file that the engine reads in several parts. */
  @Test
  void noTextIsTakenForRows() throws IOException {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>();
    CsvRow row = new CsvRow();
    try (CsvFiles files = new CsvFiles(folder)) {
      for (int i = 0; i < 45_000; i++) {
        String text = "7,fake\n8,\"fake\"\n".repeat(random.nextInt(100));
        texts.add(text);
        row.plain(Integer.toString(i));
        row.separate();
        assertThat(row.quoted(text)).isTrue();
        row.end(files);
      }
      Staged staged = files.finish(COLUMNS);
      assertThat(staged.files()).hasSize(1);
      List<List<Object>> rows = new Reading(folder, Map.of(), Map.of()).rows(staged);
      assertThat(rows).hasSize(texts.size());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(rows.get(i)).isEqualTo(List.of((long) i, texts.get(i)));
      }
    }
  }

  @Test
  void startsAnotherFileBetweenRows() throws IOException {
    CsvRow row = new CsvRow();
    try (CsvFiles files = new CsvFiles(folder, 10)) {
      for (int i = 0; i < 5; i++) {
        row.plain(Integer.toString(i));
        row.separate();
        assertThat(row.quoted("abc")).isTrue();
        row.end(files);
      }
      Staged staged = files.finish(COLUMNS);
      assertThat(staged.files()).hasSize(3);
      assertThat(Files.readString(staged.files().get(0))).isEqualTo("0,\"abc\"\n1,\"abc\"\n");
      assertThat(new Reading(folder, Map.of(), Map.of()).rows(staged)).hasSize(5);
    }
  }

  @Test
  void refusesHalfOfACharacter() {
    CsvRow row = new CsvRow();
    assertThat(row.quoted("a\ud83d")).isFalse();
    assertThat(row.quoted("\udf89b")).isFalse();
    assertThat(row.quoted("\ud83d\ud83d")).isFalse();
    assertThat(row.quoted("\ud83c\udf89")).isTrue();
  }
}
