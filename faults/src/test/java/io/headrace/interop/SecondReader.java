package io.headrace.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** Reads a version as any program with Iceberg's library would, from its metadata file alone. */
public final class SecondReader {
  private final Table table;

  /** Opens a version by its metadata file. */
  public SecondReader(String metadata) {
    HadoopFileIO files = new HadoopFileIO(new Configuration(false));
    this.table = new BaseTable(new StaticTableOperations(metadata, files), metadata);
  }

  /** The table as Iceberg sees it. */
  public Table table() {
    return table;
  }

  /** All rows as texts, in an order that depends on nothing but the rows. */
  public List<String> rows() {
    return rows(Expressions.alwaysTrue());
  }

  /** The rows for which the condition holds, the same way. */
  public List<String> rows(Expression condition) {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).where(condition).build()) {
      records.forEach(record -> rows.add(text(values(record))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(rows);
    return rows;
  }

  /** How many files the table has for rows with such values. */
  public int plannedFiles(Expression condition) {
    int files = 0;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().filter(condition).planFiles()) {
      for (FileScanTask unused : tasks) {
        files++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static List<@Nullable Object> values(Record record) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < record.size(); i++) {
      values.add(record.get(i));
    }
    return values;
  }

  /** The text of a value, whichever of the readers read it. */
  static String text(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof OffsetDateTime moment) {
      return moment.toInstant().toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SecondReader::text).toList().toString();
    }
    if (value instanceof Map<?, ?> map) {
      SortedMap<String, String> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(text(key), text(item)));
      return sorted.toString();
    }
    if (value instanceof Record struct) {
      SortedMap<String, String> sorted = new TreeMap<>();
      struct
          .struct()
          .fields()
          .forEach(field -> sorted.put(field.name(), text(struct.getField(field.name()))));
      return sorted.toString();
    }
    return String.valueOf(value);
  }
}
