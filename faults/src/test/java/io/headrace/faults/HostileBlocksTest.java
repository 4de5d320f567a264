package io.headrace.faults;

import static io.headrace.faults.SampleFiles.SHEET_BEGIN;
import static io.headrace.faults.SampleFiles.SHEET_END;
import static io.headrace.faults.SampleFiles.TEXTS_BEGIN;
import static io.headrace.faults.SampleFiles.TEXTS_END;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Query.Format;
import io.headrace.faults.Reads.Outcome;
import io.headrace.faults.SampleFiles.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files that grow when they are unpacked. */
@Order(5)
class HostileBlocksTest {
  private static final String SHEET = "worksheets/sheet1.xml";
  private static final Part NO_TEXTS = Part.of(TEXTS_BEGIN + TEXTS_END);

  @TempDir Path folder;
  private final List<Reads.File> files = new ArrayList<>();

  private Path add(Format format, String name) {
    Path path = folder.resolve(name);
    files.add(new Reads.File(format, path, List.of()));
    return path;
  }

  private void workbook(String name, String place, Part texts, Part sheet) throws IOException {
    SampleFiles.workbook(add(Format.EXCEL, name), place, texts, sheet);
  }

  private static Part row(String cells) {
    return Part.of(SHEET_BEGIN + "<row r=\"2\">" + cells + "</row>" + SHEET_END);
  }

  private List<Outcome> read() throws IOException {
    List<Outcome> outcomes = Reads.of(Files.createDirectory(folder.resolve("scratch")), files);
    for (Outcome outcome : outcomes) {
      assertThat(outcome.megabytes()).as(outcome.toString()).isLessThan(Reads.MOST_MEGABYTES);
    }
    return outcomes;
  }

  private void requireRefused() throws IOException {
    for (Outcome outcome : read()) {
      assertThat(outcome.isClearError()).as(outcome.toString()).isTrue();
    }
  }

  @Test
  void workbooksThatNoMemoryHolds() throws IOException {
    Part one = row("<c r=\"A2\"><v>1</v></c>");
    workbook(
        "texts.xlsx", SHEET, Part.of(TEXTS_BEGIN, "<si><t>a</t></si>", 20_000_000, TEXTS_END), one);
    workbook(
        "text.xlsx",
        SHEET,
        Part.of(TEXTS_BEGIN + "<si><t>", "a", 500_000_000, "</t></si>" + TEXTS_END),
        one);
    workbook(
        "cells.xlsx",
        SHEET,
        NO_TEXTS,
        Part.of(
            SHEET_BEGIN + "<row r=\"2\">", "<c><v>1</v></c>", 20_000_000, "</row>" + SHEET_END));
    workbook(
        "inline.xlsx",
        SHEET,
        NO_TEXTS,
        Part.of(
            SHEET_BEGIN + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>",
            "x",
            500_000_000,
            "</t></is></c></row>" + SHEET_END));
    workbook("column.xlsx", SHEET, NO_TEXTS, row("<c r=\"ZZZZZZ2\"><v>1</v></c>"));
    requireRefused();
  }

  @Test
  void workbooksWhosePartsDoNotFit() throws IOException {
    Part one = row("<c r=\"A2\"><v>1</v></c>");
    workbook("gone.xlsx", "worksheets/other.xml", NO_TEXTS, one);
    workbook("outside.xlsx", "../../../../etc/passwd", NO_TEXTS, one);
    workbook("itself.xlsx", "workbook.xml", NO_TEXTS, one);
    workbook("cut.xlsx", SHEET, NO_TEXTS, Part.of(SHEET_BEGIN + "<row r=\"2\">"));
    workbook(
        "entity.xlsx",
        SHEET,
        NO_TEXTS,
        Part.of(
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
                + SHEET_BEGIN
                + "<row><c t=\"inlineStr\"><is><t>&e;</t></is></c></row>"
                + SHEET_END));
    requireRefused();
  }

  @Test
  void aWorkbookAsItShouldBeIsRead() throws IOException {
    workbook(
        "good.xlsx",
        SHEET,
        Part.of(TEXTS_BEGIN + "<si><t>x</t></si>" + TEXTS_END),
        row("<c r=\"A2\" t=\"s\"><v>0</v></c>"));
    assertThat(read().get(0).text()).isEqualTo("[x]");
  }

  @Test
  void archivesThatGrow() throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(add(Format.CSV, "many.csv.zip")))) {
      for (int i = 0; i < 10; i++) {
        zip.putNextEntry(new ZipEntry(i + ".csv"));
        zip.write(new byte[90_000_000]);
      }
    }
    requireRefused();
  }

  @Test
  void parquetOfOneValueManyTimesIsRead() throws IOException {
    SampleFiles.parquet(
        add(Format.PARQUET, "same.parquet"), "SELECT 42 AS n FROM range(100_000_000)");
    assertThat(read().get(0).rows()).isEqualTo(100_000_000);
  }

  @Test
  void avroBlocksThatGrowOrLie() throws IOException {
    Schema bytes = schema("\"bytes\"");
    Path bomb = add(Format.AVRO, "bomb.avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(bytes))) {
      out.setCodec(CodecFactory.deflateCodec(9)).create(bytes, bomb.toFile());
      GenericRecord row = new GenericData.Record(bytes);
      row.put("a", ByteBuffer.allocate(200_000_000));
      out.append(row);
    }
    // A block that says that it has two gigabytes, and a text that says so.
    Files.write(add(Format.AVRO, "block.avro"), avro(bytes, 1, 2_000_000_000L, new byte[10]));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(text, null);
    encoder.writeLong(2_000_000_000L);
    encoder.flush();
    byte[] length = text.toByteArray();
    Files.write(add(Format.AVRO, "text.avro"), avro(bytes, 1, length.length, length));
    Files.write(
        add(Format.AVRO, "rows.avro"), avro(schema("\"null\""), Long.MAX_VALUE, 0, new byte[0]));
    Files.write(
        add(Format.AVRO, "fixed.avro"),
        avro(schema("{\"type\":\"fixed\",\"name\":\"f\",\"size\":2000000000}"), 1, 1, new byte[1]));
    Files.write(
        add(Format.AVRO, "itself.avro"), avro(schema("[\"null\", \"r\"]"), 1, 1, new byte[1]));
    requireRefused();
  }

  private static Schema schema(String type) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":%s}]}"
                .formatted(type));
  }

  private static byte[] avro(Schema schema, long rows, long size, byte[] block) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {'O', 'b', 'j', 1});
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    encoder.writeMapStart();
    encoder.setItemCount(1);
    encoder.startItem();
    encoder.writeString("avro.schema");
    encoder.writeBytes(schema.toString().getBytes(StandardCharsets.UTF_8));
    encoder.writeMapEnd();
    byte[] sync = new byte[16];
    encoder.writeFixed(sync);
    encoder.writeLong(rows);
    encoder.writeLong(size);
    encoder.writeFixed(block);
    encoder.writeFixed(sync);
    encoder.flush();
    return bytes.toByteArray();
  }
}
