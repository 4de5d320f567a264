package io.headrace.engine.duckdb;

import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.PartitionField;
import io.headrace.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The values that a table is partitioned by, as extra columns that DuckDB splits files by and does
 * not write. The source columns are in the files too, as Iceberg wants it.
 */
final class PartitionKeys {
  private final TableSchema schema;
  private final List<PartitionField> fields;

  PartitionKeys(TableSchema schema, List<PartitionField> fields) {
    this.schema = schema;
    this.fields = fields;
  }

  boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The columns to split by, over the columns of the table. */
  String expressions() {
    return IntStream.range(0, fields.size())
        .mapToObj(i -> expression(fields.get(i)) + " AS " + name(i))
        .collect(Collectors.joining(", "));
  }

  String names() {
    return IntStream.range(0, fields.size())
        .mapToObj(PartitionKeys::name)
        .collect(Collectors.joining(", "));
  }

  private static String name(int index) {
    return SqlText.identifier("(partition " + index + ")");
  }

  private Column source(PartitionField field) {
    return schema
        .find(field.column())
        .orElseThrow(
            () ->
                new QueryException(
                    "the table is partitioned by %s, and the query returns no column '%s'"
                        .formatted(field, field.column()),
                    "Add the column to the query, or change partition_by"));
  }

  private String expression(PartitionField field) {
    Column source = source(field);
    String name = SqlText.identifier(source.name());
    ColumnType type = source.type();
    if (field.transform() == PartitionField.Transform.IDENTITY) {
      if (!(type instanceof Primitive) && !(type instanceof ColumnType.Decimal)) {
        throw cannot(field, type, "Partition by a column of a plain type");
      }
      return type == Primitive.BINARY ? "hex(" + name + ")" : name;
    }
    if (field.transform() == PartitionField.Transform.BUCKET) {
      return Buckets.expression(name, type, field.buckets())
          .orElseThrow(() -> cannot(field, type, "Bucket a number, a date, a time or a text"));
    }
    if (type == Primitive.DATE && field.transform() == PartitionField.Transform.HOUR) {
      throw cannot(field, type, "Partition by day(%s)".formatted(field.column()));
    }
    if (type != Primitive.DATE && type != Primitive.TIMESTAMP && type != Primitive.TIMESTAMPTZ) {
      throw cannot(field, type, "Partition by a date or a timestamp");
    }
    return switch (field.transform()) {
      case YEAR -> "(year(%s) - 1970)".formatted(name);
      case MONTH -> "((year(%s) - 1970) * 12 + month(%s) - 1)".formatted(name, name);
      case DAY -> "(%s::DATE - DATE '1970-01-01')".formatted(name);
      default -> "date_diff('hour', TIMESTAMP '1970-01-01', %s::TIMESTAMP)".formatted(name);
    };
  }

  private static QueryException cannot(PartitionField field, ColumnType type, String hint) {
    return new QueryException(
        "the table cannot be partitioned by %s: '%s' is %s".formatted(field, field.column(), type),
        hint);
  }

  /** The values of one file, in the order of the fields. */
  List<Optional<String>> values(@Nullable Map<String, String> reported) {
    List<Optional<String>> values = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      String text = reported == null ? null : reported.get("(partition " + i + ")");
      values.add(text == null ? Optional.empty() : Optional.of(known(fields.get(i), text)));
    }
    return values;
  }

  private String known(PartitionField field, String text) {
    boolean identity = field.transform() == PartitionField.Transform.IDENTITY;
    ColumnType type = identity ? source(field).type() : Primitive.INT;
    return Bounds.value(type, text)
        .orElseThrow(
            () ->
                new QueryException(
                    "the table cannot be partitioned by %s: there is no partition for '%s'"
                        .formatted(field, text),
                    "Keep such values out, or change partition_by"));
  }
}
