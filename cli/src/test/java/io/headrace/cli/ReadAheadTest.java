package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {
  private static final int MOST_LOOKS = 600;

  @TempDir private Path folder;

  /** That it did is seen by what it keeps of the queries that it looked at. */
  @Test
  void aServerReadsItsProjectsBeforeSomebodyLooks() throws Exception {
    new Sandbox(folder).write("tables/one.sql", "SELECT 1 AS n\n");
    Path kept = folder.resolve(".headrace/cache/analysis");
    try (RunningServer server = new RunningServer(folder, Clock.systemUTC())) {
      for (int i = 0; i < MOST_LOOKS && !Files.exists(kept); i++) {
        Thread.sleep(50);
      }
      assertThat(kept).as("of " + server.address()).exists();
    }
  }
}
