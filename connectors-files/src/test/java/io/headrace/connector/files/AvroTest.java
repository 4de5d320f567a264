package io.headrace.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroTest extends Reading {
  private static final String PRICE =
      "{'type':'bytes','logicalType':'decimal','precision':38,'scale':2}";

  private static Schema schema(String... fields) {
    return new Schema.Parser()
        .parse(
            "{'type':'record','name':'r','fields':[%s]}"
                .formatted(String.join(",", fields))
                .replace('\'', '"'));
  }

  private static String field(String name, String type) {
    return "{'name':'%s','type':%s}".formatted(name, type);
  }

  private Path write(String file, Schema schema, String codec, Object[]... rows)
      throws IOException {
    Path path = folder.resolve(file);
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      out.setCodec(CodecFactory.fromString(codec));
      out.create(schema, path.toFile());
      for (Object[] row : rows) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < row.length; i++) {
          record.put(i, row[i]);
        }
        out.append(record);
      }
    }
    return path;
  }

  @Test
  void eachTypeKeepsItsValues() throws IOException {
    Schema schema =
        schema(
            field("i", "'int'"),
            field("l", "['null','long']"),
            field("d", "'double'"),
            field("b", "'boolean'"),
            field("s", "'string'"),
            field("day", "{'type':'int','logicalType':'date'}"),
            field("at", "{'type':'long','logicalType':'timestamp-micros'}"),
            field("here", "{'type':'long','logicalType':'local-timestamp-millis'}"),
            field("price", PRICE),
            field("raw", "'bytes'"),
            field("id", "{'type':'string','logicalType':'uuid'}"),
            field("tags", "{'type':'array','items':'string'}"),
            field("counts", "{'type':'map','values':'long'}"),
            field("inner", "{'type':'record','name':'n','fields':[{'name':'x','type':'int'}]}"));
    GenericRecord inner = new GenericData.Record(schema.getField("inner").schema());
    inner.put("x", 7);
    Object[] row = {
      -5,
      9007199254740993L,
      0.1,
      true,
      "a \"b\"\n,",
      20000,
      1_767_225_600_123_456L,
      1_767_225_600_500L,
      ByteBuffer.wrap(
          new java.math.BigInteger("123456789012345678901234567890123456").toByteArray()),
      ByteBuffer.wrap(new byte[] {0, (byte) 0xff, '\\', 'x'}),
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      List.of("p", "q"),
      Map.of("k", 1L),
      inner
    };
    Object[] empty = row.clone();
    empty[1] = null;
    write("all.avro", schema, "deflate", row, empty);
    assertThat(columns(scan(Format.AVRO, "all.avro")))
        .isEqualTo(
            "i int, l long, d double, b boolean, s string, day date, at timestamptz, here timestamp,"
                + " price decimal(38, 2), raw binary, id uuid, tags list<string>,"
                + " counts map<string, long>, inner struct<x: int>");
    String rows = rows(scan(Format.AVRO, "all.avro"));
    assertThat(rows)
        .contains("[-5, 9007199254740993, 0.1, true, a \"b\"\n,, 2024-10-04, ")
        .contains("1234567890123456789012345678901234.56")
        .contains("2026-01-01T00:00:00.123456")
        .contains("2026-01-01T00:00:00.5")
        .contains("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
        .contains("[-5, null, 0.1");
    assertThat(rows(scan(Format.AVRO, "all.avro")).lines().count()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "bzip2", "snappy", "zstandard", "xz"})
  void filesMayBeCompressed(String codec) throws IOException {
    write("a.avro", schema(field("n", "'int'")), codec, new Object[] {1}, new Object[] {2});
    assertThat(rows(scan(Format.AVRO, "a.avro"))).isEqualTo("[1]\n[2]");
  }

  @Test
  void laterFilesMayHaveMoreColumnsButNoOtherTypes() throws IOException {
    write("a.avro", schema(field("n", "'int'")), "null", new Object[] {1});
    write(
        "b.avro",
        schema(field("m", "'string'"), field("n", "'int'")),
        "null",
        new Object[] {"x", 2});
    assertThat(rows(scan(Format.AVRO, "a.avro", "b.avro"))).isEqualTo("[1, null]\n[2, x]");
    write("c.avro", schema(field("n", "'string'")), "null", new Object[] {"x"});
    assertThatThrownBy(() -> rows(scan(Format.AVRO, "a.avro", "c.avro")))
        .isInstanceOf(HeadraceException.class)
        .hasMessage("Column 'n' is INTEGER in one file, and VARCHAR in 'c.avro'");
  }

  private static String text(int length) {
    return new SplittableRandom(1)
        .ints(length, 'a', 'z')
        .mapToObj(c -> String.valueOf((char) c))
        .collect(Collectors.joining());
  }

  @Test
  void whatIsNoAvroOrDamagedIsRefused() throws IOException {
    write("text.avro", "no avro");
    byte[] whole =
        Files.readAllBytes(
            write(
                "whole.avro",
                schema(field("s", "'string'")),
                "null",
                new Object[] {"x".repeat(99)}));
    Files.write(folder.resolve("cut.avro"), Arrays.copyOf(whole, whole.length - 50));
    byte[] wrong =
        Files.readAllBytes(
            write(
                "packed.avro",
                schema(field("s", "'string'")),
                "deflate",
                new Object[] {text(1000)}));
    Arrays.fill(wrong, wrong.length - 500, wrong.length - 100, (byte) 0xff);
    Files.write(folder.resolve("wrong.avro"), wrong);
    Files.write(folder.resolve("empty.avro"), "".getBytes(StandardCharsets.UTF_8));
    for (String file : List.of("text.avro", "cut.avro", "wrong.avro", "empty.avro")) {
      assertThatThrownBy(() -> rows(scan(Format.AVRO, file)))
          .as(file)
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining(file);
    }
    write("union.avro", schema(field("u", "['int','string']")), "null", new Object[] {1});
    assertThatThrownBy(() -> rows(scan(Format.AVRO, "union.avro")))
        .hasMessageEndingWith("Column 'u' may hold values of several types: int, string");
  }
}
