package io.headrace.connector.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.connector.FileConverter;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** Reads Avro object container files; their own schema says the columns. */
public final class AvroConverter implements FileConverter {
  @Override
  public Format format() {
    return Format.AVRO;
  }

  @Override
  public List<String> options() {
    return List.of();
  }

  @Override
  public List<DeclaredColumn> convert(
      Path file, SortedMap<String, String> options, Path target, Cancellation cancel)
      throws IOException {
    // Without logical types, values stay as they are stored, and lose nothing.
    GenericDatumReader<GenericRecord> datums =
        new GenericDatumReader<>(null, null, new GenericData());
    try (DataFileReader<GenericRecord> reader = new DataFileReader<>(file.toFile(), datums)) {
      AvroBlocks.require(file, reader.previousSync());
      Schema schema = reader.getSchema();
      if (schema.getType() != Schema.Type.RECORD) {
        throw new HeadraceException(
            "Cannot read '%s': its values are of type %s, and not records"
                .formatted(file, schema.getType().getName()),
            "A row is a record with a field for each column");
      }
      List<DeclaredColumn> columns = new ArrayList<>();
      List<AvroType> types = new ArrayList<>();
      for (Schema.Field field : schema.getFields()) {
        AvroType type = type(file, field);
        types.add(type);
        columns.add(new DeclaredColumn(field.name(), type.sql()));
      }
      try (JsonGenerator out = Lines.open(target)) {
        while (reader.hasNext()) {
          cancel.throwIfRequested();
          GenericRecord row = reader.next();
          out.writeStartObject();
          for (int i = 0; i < types.size(); i++) {
            out.writeFieldName(columns.get(i).name());
            types.get(i).write(row.get(i), out);
          }
          out.writeEndObject();
        }
      }
      return columns;
    } catch (AvroRuntimeException | IOException | NoClassDefFoundError e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      // What says that it is that long: Java has not even tried to make room for it.
      throw unreadable(file, "a value is larger than the memory", e);
    } catch (RuntimeException e) {
      if (e instanceof HeadraceException) {
        throw e;
      }
      // Damaged lengths and places of values, which the reader does not check.
      throw unreadable(file, e.toString(), e);
    }
  }

  private static AvroType type(Path file, Schema.Field field) {
    try {
      return AvroType.of(field.schema(), field.name());
    } catch (HeadraceException e) {
      throw new HeadraceException("'%s': %s".formatted(file, e.getMessage()), e.hint(), e);
    }
  }

  private static HeadraceException unreadable(Path file, String reason, Throwable cause) {
    return new HeadraceException(
        "Cannot read '%s' as Avro: %s".formatted(file, reason),
        "Is it an Avro file, and complete? Files may be compressed with deflate, bzip2, snappy, xz or zstandard",
        cause);
  }
}
