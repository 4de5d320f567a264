package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Query.Format;
import io.headrace.faults.Reads.Kind;
import io.headrace.faults.Reads.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.file.CodecFactory;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that were cut off, or in which bits have flipped.
 *
 * <p>{@code -Dheadrace.flips=10000} damages each file so often.
 */
@Order(6)
class DamagedFilesTest {
  private static final int FLIPS = Integer.getInteger("headrace.flips", 100);
  private static final int CUTS = 50;
  private static final int ROWS = 3000;

  @TempDir Path folder;

  private record Sample(Format format, Path path, boolean hasSums) {}

  private List<Sample> samples() throws IOException {
    Path parquet = folder.resolve("a.parquet");
    SampleFiles.parquet(
        parquet, "SELECT i AS id, 'name ' || i AS name FROM range(%d) AS t(i)".formatted(ROWS));
    Path plain = folder.resolve("plain.avro");
    SampleFiles.avro(plain, ROWS, CodecFactory.nullCodec());
    Path deflated = folder.resolve("deflated.avro");
    SampleFiles.avro(deflated, ROWS, CodecFactory.deflateCodec(6));
    String csv =
        IntStream.range(0, ROWS)
            .mapToObj(i -> i + ",name " + i + "\n")
            .collect(Collectors.joining("", "id,name\n", ""));
    Path gzip = folder.resolve("a.csv.gz");
    SampleFiles.gzip(gzip, csv);
    Path zip = folder.resolve("a.csv.zip");
    SampleFiles.zip(zip, csv);
    Path workbook = folder.resolve("a.xlsx");
    String rows =
        IntStream.range(0, ROWS)
            .mapToObj(i -> "<row><c><v>%d</v></c></row>".formatted(i))
            .collect(Collectors.joining());
    SampleFiles.workbook(
        workbook,
        "worksheets/sheet1.xml",
        SampleFiles.Part.of(SampleFiles.TEXTS_BEGIN + SampleFiles.TEXTS_END),
        SampleFiles.Part.of(SampleFiles.SHEET_BEGIN + rows + SampleFiles.SHEET_END));
    return List.of(
        new Sample(Format.PARQUET, parquet, false),
        new Sample(Format.AVRO, plain, false),
        new Sample(Format.AVRO, deflated, false),
        new Sample(Format.CSV, gzip, true),
        new Sample(Format.CSV, zip, true),
        new Sample(Format.EXCEL, workbook, true));
  }

  @Test
  void whatIsCutOffIsRefused() throws IOException {
    List<Reads.File> files = new ArrayList<>();
    for (Sample sample : samples()) {
      byte[] bytes = Files.readAllBytes(sample.path());
      for (int i = 0; i < CUTS; i++) {
        byte[] begin = Arrays.copyOf(bytes, (int) ((long) bytes.length * i / CUTS));
        // Behind a block, Avro has nothing that says whether another one follows.
        if (sample.format() != Format.AVRO || !end(begin).equals(end(bytes))) {
          files.add(variant(sample, i, begin));
        }
      }
      files.add(variant(sample, CUTS, Arrays.copyOf(bytes, bytes.length - 1)));
    }
    for (Outcome outcome : read(files)) {
      assertThat(outcome.isClearError()).as(outcome.toString()).isTrue();
    }
  }

  @Test
  void flippedBitsNeverHurtAndAreFoundWhereThereAreCheckSums() throws IOException {
    Seed seed = new Seed(DamagedFilesTest.class);
    for (Sample sample : samples()) {
      List<Reads.File> files = new ArrayList<>();
      files.add(new Reads.File(sample.format(), sample.path(), List.of()));
      byte[] bytes = Files.readAllBytes(sample.path());
      for (int i = 0; i < FLIPS; i++) {
        SplittableRandom random = seed.random(i);
        byte[] damaged = bytes.clone();
        for (int flip = random.nextInt(3); flip >= 0; flip--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        files.add(variant(sample, i, damaged));
      }
      List<Outcome> outcomes = read(files);
      Outcome whole = outcomes.get(0);
      assertThat(whole.rows()).as(whole.toString()).isEqualTo(ROWS);
      for (Outcome outcome : outcomes) {
        assertThat(outcome.kind()).as(outcome + " " + seed).isIn(Kind.ROWS, Kind.ERROR);
        assertThat(outcome.megabytes()).as(outcome + " " + seed).isLessThan(Reads.MOST_MEGABYTES);
        if (outcome.kind() == Kind.ERROR) {
          assertThat(outcome.hint()).as(outcome + " " + seed).isNotEmpty();
        } else if (sample.hasSums()) {
          assertThat(outcome.rows()).as(outcome + " " + seed).isEqualTo(ROWS);
          assertThat(outcome.text()).as(outcome + " " + seed).isEqualTo(whole.text());
        }
      }
    }
  }

  private static List<Byte> end(byte[] bytes) {
    List<Byte> end = new ArrayList<>();
    for (int i = Math.max(0, bytes.length - 16); i < bytes.length; i++) {
      end.add(bytes[i]);
    }
    return end;
  }

  private Reads.File variant(Sample sample, int number, byte[] bytes) throws IOException {
    Path path = folder.resolve(number + "-" + sample.path().getFileName());
    Files.write(path, bytes);
    return new Reads.File(sample.format(), path, List.of());
  }

  private List<Outcome> read(List<Reads.File> files) throws IOException {
    return Reads.of(Files.createTempDirectory(folder, "scratch"), files);
  }
}
