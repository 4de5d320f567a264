package io.headrace.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampsTest {
  @TempDir Path folder;

  private FileStamps write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, text);
    return FileStamps.of(folder.resolve("project"));
  }

  @Test
  void areOthersWhenAFileOfTheProjectChanges() throws IOException {
    FileStamps first = write("project/tables/a.sql", "SELECT 1 AS n");
    assertThat(FileStamps.of(folder.resolve("project"))).isEqualTo(first);
    assertThat(write("project/tables/a.sql", "SELECT 12 AS n")).isNotEqualTo(first);
    assertThat(write("project/headrace.yaml", "name: a").hash()).isNotEqualTo(first.hash());
    FileStamps last = write("project/exports/a.yaml", "table: a");
    assertThat(write("project/notes/a.txt", "no file of the project")).isEqualTo(last);
  }

  /** Whoever reads the project follows links, too. */
  @Test
  void areOthersWhenAFileBehindALinkChanges() throws IOException {
    write("elsewhere/b.sql", "SELECT 1 AS n");
    write("project/tables/a.sql", "SELECT 1 AS n");
    Files.createSymbolicLink(folder.resolve("project/tables/linked"), folder.resolve("elsewhere"));
    FileStamps before = FileStamps.of(folder.resolve("project"));
    assertThat(write("elsewhere/b.sql", "SELECT 12 AS n").hash()).isNotEqualTo(before.hash());
    assertThat(before.isOlderThan(Duration.ofDays(1))).isFalse();
  }
}
