package io.headrace.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileGlobTest {
  @TempDir Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : List.of("a.csv", "b.csv", "b.txt", "x/a.csv", "x/y/a.csv", "{odd}.csv")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  @Test
  void aPlainPathIsOneFile() {
    assertThat(find("x/a.csv")).containsExactly("x/a.csv");
    assertThat(find("x")).isEmpty();
    assertThat(find("missing.csv")).isEmpty();
  }

  @Test
  void aStarStaysWithinItsFolder() {
    assertThat(find("*.csv")).containsExactly("a.csv", "b.csv", "{odd}.csv");
    assertThat(find("*/a.csv")).containsExactly("x/a.csv");
    assertThat(find("[ab].csv")).containsExactly("a.csv", "b.csv");
    assertThat(find("?.txt")).containsExactly("b.txt");
  }

  @Test
  void twoStarsGoThroughFoldersAndNone() {
    assertThat(find("**/a.csv")).containsExactly("a.csv", "x/a.csv", "x/y/a.csv");
    assertThat(find("x/**/a.csv")).containsExactly("x/a.csv", "x/y/a.csv");
  }

  @Test
  void bracesAreOrdinaryCharacters() {
    assertThat(find("{odd}*")).containsExactly("{odd}.csv");
  }

  private List<String> find(String pattern) {
    return FileGlob.find(folder, pattern).stream()
        .map(file -> folder.relativize(file).toString())
        .toList();
  }
}
