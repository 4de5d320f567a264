package io.headrace.faults;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Writes files that there is nothing wrong with, and parts of workbooks that there is. */
final class SampleFiles {
  private static final String OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/";
  private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
  private static final String SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

  static final String SHEET_BEGIN =
      "<worksheet xmlns=\"%s\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row>"
          .formatted(SHEETS);
  static final String SHEET_END = "</sheetData></worksheet>";
  static final String TEXTS_BEGIN = "<sst xmlns=\"%s\">".formatted(SHEETS);
  static final String TEXTS_END = "</sst>";

  private SampleFiles() {}

  static void parquet(Path file, String sql) {
    Path folder = requireNonNull(file.getParent());
    try (Engine engine =
            TestProject.Parts.USUAL
                .engine()
                .start(
                    new io.headrace.engine.EngineProvider.Settings(
                        256L << 20, 1, folder.resolve("spill")));
        Session session = engine.open(folder)) {
      session.export(
          new Query.Select(sql), file, Session.ExportFormat.PARQUET, Cancellation.never());
    }
  }

  static void avro(Path file, int rows, CodecFactory codec) throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{'type':'record','name':'r','fields':[{'name':'id','type':'long'},{'name':'name','type':'string'}]}"
                    .replace('\'', '"'));
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      out.setCodec(codec).setSyncInterval(2000).create(schema, file.toFile());
      for (int i = 0; i < rows; i++) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("id", (long) i);
        row.put("name", "name " + i);
        out.append(row);
      }
    }
  }

  static void gzip(Path file, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  static void zip(Path file, String text) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      put(out, "a.csv", Part.of(text));
    }
  }

  /** What is in a part of a workbook. */
  @FunctionalInterface
  interface Part {
    void write(OutputStream out) throws IOException;

    static Part of(String text) {
      return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text in the middle many times. */
    static Part of(String before, String each, int times, String after) {
      byte[] many = each.repeat(1000).getBytes(StandardCharsets.UTF_8);
      return out -> {
        out.write(before.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < times / 1000; i++) {
          out.write(many);
        }
        out.write(after.getBytes(StandardCharsets.UTF_8));
      };
    }
  }

  /**
   * Writes a workbook.
   *
   * @param place of the sheet, as a relation names it
   */
  static void workbook(Path file, String place, Part texts, Part sheet) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      StringBuilder types =
          new StringBuilder("<Types xmlns=\"%scontent-types\">".formatted(PACKAGE));
      for (String[] part :
          new String[][] {
            {"/xl/workbook.xml", "sheet.main"},
            {"/xl/styles.xml", "styles"},
            {"/xl/sharedStrings.xml", "sharedStrings"},
            {"/xl/worksheets/sheet1.xml", "worksheet"}
          }) {
        types.append(
            "<Override PartName=\"%s\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml\"/>"
                .formatted(part[0], part[1]));
      }
      put(zip, "[Content_Types].xml", Part.of(types + "</Types>"));
      put(zip, "_rels/.rels", relation("officeDocument", "xl/workbook.xml"));
      put(
          zip,
          "xl/workbook.xml",
          Part.of(
              "<workbook xmlns=\"%s\" xmlns:r=\"%srelationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                  .formatted(SHEETS, OFFICE)));
      put(zip, "xl/_rels/workbook.xml.rels", relation("worksheet", place));
      put(zip, "xl/styles.xml", Part.of("<styleSheet xmlns=\"%s\"/>".formatted(SHEETS)));
      put(zip, "xl/sharedStrings.xml", texts);
      put(zip, "xl/worksheets/sheet1.xml", sheet);
    }
  }

  private static Part relation(String type, String target) {
    return Part.of(
        "<Relationships xmlns=\"%srelationships\"><Relationship Id=\"rId1\" Type=\"%srelationships/%s\" Target=\"%s\"/></Relationships>"
            .formatted(PACKAGE, OFFICE, type, target));
  }

  private static void put(ZipOutputStream zip, String name, Part part) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    part.write(zip);
    zip.closeEntry();
  }
}
