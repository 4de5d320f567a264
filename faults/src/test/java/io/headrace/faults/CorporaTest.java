package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Query.Format;
import io.headrace.faults.Reads.Kind;
import io.headrace.faults.Reads.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Collections of difficult files that others keep, such as JSONTestSuite, parquet-testing and
 * Pollock. {@code -Dheadrace.corpora=FOLDER} says where they were copied to; none is kept here, so
 * that without it the files of the examples are read. Prints how many files gave rows and how many
 * an error.
 */
class CorporaTest {
  @TempDir Path scratch;

  @Test
  void noFileCrashesHangsOrFailsWithoutSayingWhy() throws IOException {
    Path folder =
        Path.of(System.getProperty("headrace.corpora", "../examples")).toAbsolutePath().normalize();
    for (Format format : List.of(Format.PARQUET, Format.JSON, Format.CSV, Format.AVRO)) {
      List<Reads.File> files;
      try (Stream<Path> all = Files.walk(folder)) {
        files =
            all.filter(Files::isRegularFile)
                .filter(path -> !folder.relativize(path).toString().contains(".headrace"))
                .filter(path -> path.toString().toLowerCase(Locale.ROOT).endsWith("." + format))
                .sorted()
                .map(path -> new Reads.File(format, path, List.of()))
                .toList();
      }
      if (files.isEmpty()) {
        continue;
      }
      Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
      for (Outcome outcome : Reads.of(Files.createTempDirectory(scratch, "rows"), files)) {
        kinds.merge(outcome.kind(), 1, Integer::sum);
        assertThat(outcome.kind()).as(outcome.toString()).isIn(Kind.ROWS, Kind.ERROR);
        assertThat(outcome.megabytes()).as(outcome.toString()).isLessThan(Reads.MOST_MEGABYTES);
      }
      System.out.printf("%s: %d files, %s%n", format, files.size(), kinds);
    }
  }
}
